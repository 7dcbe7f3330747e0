/* SPDX-License-Identifier: MIT */
/* Two texts compared line by line, for people. */
#ifndef DARA_BASE_LINE_DIFF_H
#define DARA_BASE_LINE_DIFF_H

#include "base/text.h"

/* Append to `out` what a change did to the lines of a text: "- line" for one that is gone, "+ line" for one that came, "  line" for
 * an unchanged one next to them, and "  …" where more of those are left out. Each begins with `indent` and shows control
 * characters as dara_text_add_visible() does. The lines kept are a longest common subsequence (dynamic programming over what
 * is left between the common beginning and end); where that would take more than a million cells the middle counts as
 * replaced. Appends nothing where the texts have the same lines. */
void dara_line_diff(const char *before, const char *after, const char *indent, struct dara_text *out);

#endif
