/* SPDX-License-Identifier: MIT */
/* Questions to a live database, gathered from its driver. */
#include <string.h>

#include "driver/internal.h"

struct dara_probes {
    struct dara_arena *arena;
    struct dara_probed *items;
    size_t count, room;
};

struct dara_probes *dara_probes_new(void)
{
    struct dara_probes *probes = dara_alloc(sizeof(*probes));
    probes->arena = dara_arena_new();
    return probes;
}

struct dara_probes *dara_probes_free(struct dara_probes *probes)
{
    if (!probes)
        return NULL;
    dara_arena_free(probes->arena);
    free(probes->items);
    free(probes);
    return NULL;
}

size_t dara_probes_count(const struct dara_probes *probes)
{
    return probes->count;
}

const struct dara_probed *dara_probes_at(const struct dara_probes *probes, size_t index)
{
    return &probes->items[index];
}

void dara_probes_add(struct dara_probes *probes, const struct dara_probe *probe)
{
    struct dara_probe known = {0};
    memcpy(&known, probe, probe->size < sizeof(known) ? probe->size : sizeof(known));
    if (!known.test || !known.object || !known.text || dara_object_is_given(known.object))
        return;
    DARA_GROW(probes->items, probes->count, probes->room);
    probes->items[probes->count++] = (struct dara_probed){.test = dara_arena_strdup(probes->arena, known.test),
                                                          .object = known.object,
                                                          .text = dara_arena_strdup(probes->arena, known.text),
                                                          .what = dara_arena_strdup(probes->arena, known.what)};
}

bool dara_audit_can_probe(const struct dara_driver *driver)
{
    return dara_driver_has_group(driver, "audit") && DARA_HAS(driver->audit, probe);
}

int dara_audit_probe(const struct dara_driver *driver, const struct dara_model *model, struct dara_probes *probes)
{
    struct dara_dispatch call;
    dara_dispatch_begin(&call, driver, NULL, "audit", "probe");
    return dara_dispatch_end(&call, driver->audit->probe(model, probes));
}
