/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

int main(void)
{
    return 0;
}
