/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the frames of a trajectory say together: when the crystal came, and whether a dense fluid came before it. Cost: O(frames). */
#include <math.h>

#include "nucleation.h"

/* Two steps: this share of the nucleus was dense before, not so (nearly) all of the fluid, and the rest is smaller than its share there. */
static const double dense_share = 0.5, all_dense = 0.95, enrichment = 2;

/* First frame whose largest cluster has the size for hold_frames more frames (0: all that follow); -1: none. */
static int64_t find_onset(const bnsl_order_nucleation *r)
{
    int64_t onset = -1;
    for (int64_t i = 0; i < r->n_frames; i++) {
        if (r->frame[i].largest_cluster < r->options.onset_size)
            onset = -1;
        else if (onset < 0)
            onset = i;
        if (onset >= 0 && r->options.hold_frames > 0 && i - onset >= r->options.hold_frames)
            break;
    }
    return onset;
}

static void judge(const bnsl_order_nucleation *r, int64_t onset, bnsl_order_nucleation_summary *s)
{
    const bnsl_order_nucleation_frame *f = &r->frame[onset];
    if (onset == 0 || 2 * f->n_known < f->largest_cluster)
        return;
    s->dense_before = (double)f->n_dense_before / (double)f->n_known;
    s->dense_fluid = r->frame[onset - 1].dense_fluid[f->largest_phase];
    bool two = s->dense_before >= dense_share && s->dense_fluid < all_dense && enrichment * (1 - s->dense_before) <= 1 - s->dense_fluid;
    s->mechanism = two ? BNSL_NUCLEATION_TWO_STEP : BNSL_NUCLEATION_ONE_STEP;
}

bnsl_status bnsl_order_nucleation_summarize(const bnsl_order_nucleation *r, bnsl_order_nucleation_summary *out)
{
    if (!r || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", r ? "out" : "readout");
    bnsl_order_nucleation_summary s = {.n_frames = r->n_frames, .onset_frame = find_onset(r), .dense_before = NAN, .dense_fluid = NAN};
    s.onset = (bnsl_order_nucleation_frame){.step = -1, .time = NAN, .volume = NAN, .density = NAN, .packing_fraction = NAN,
                                            .packing_fraction_effective = NAN, .center = {NAN, NAN, NAN}, .distance = NAN,
                                            .distance_random = NAN, .distance_probability = NAN, .dense_fluid = {NAN, NAN, NAN, NAN}};
    for (int64_t i = 0; i < r->n_frames; i++)
        if (i == 0 || r->frame[i].largest_cluster > s.largest_cluster) {
            s.largest_cluster = r->frame[i].largest_cluster;
            s.largest_frame = i;
        }
    if (s.onset_frame >= 0) {
        s.onset = r->frame[s.onset_frame];
        judge(r, s.onset_frame, &s);
    }
    *out = s;
    return BNSL_OK;
}
