/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulation behind a window: it runs on a thread of its own, while the loop that draws and takes the user's clicks goes on. The
 * two share a bnsl_control (a progress callback, and a Stop that ends the run between two steps) and a copy of the particles, which
 * the worker makes now and then and the window draws.
 *
 *     cc gui_loop.c $(pkg-config --cflags --libs bnsl) -pthread -o gui_loop && ./gui_loop
 *
 * There is no toolkit here: the "window" writes lines, and the "user" clicks Stop after some 1000 steps, looks, and clicks Continue. In GTK
 * or Qt, window_tick would be a timer's function and on_stop a button's; nothing else changes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <bnsl/bnsl.h>

enum { CAPACITY = 2000, LONG = 1000 * 1000, STEPS_A_PICTURE = 250 };

typedef struct simulation {
    bnsl_md *md;           /* the worker's alone while it runs */
    bnsl_control *control; /* shared: progress on the worker's thread, cancel from any */
    pthread_t thread;
    int64_t begun, target; /* step at the start of the present part, and that to reach */
    atomic_llong step;     /* the present one, for the window */
    atomic_int running;    /* 0 when the worker has ended */
    bnsl_status result; /* of the worker, valid after it has ended */
    char message[512];  /* likewise: messages belong to the thread that the failing call was made on */
    pthread_mutex_t lock;
    int64_t n, n_crystalline; /* the picture, under lock */
    double xyz[3 * CAPACITY];
} simulation;

static void stop_program(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, bnsl_error_message());
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the worker's side ----------------------------------------------------------------------------------- */

static int64_t present_step(const simulation *s)
{
    bnsl_md_statistics statistics;
    return bnsl_md_statistics_now(s->md, &statistics) == BNSL_OK ? statistics.step : -1;
}

/* A copy for the window, with one number beside it. */
static bnsl_status publish(simulation *s)
{
    double xyz[3 * CAPACITY];
    int32_t species[CAPACITY], phase[CAPACITY];
    bnsl_box box;
    int64_t crystalline = 0;
    bnsl_status status = bnsl_md_positions(s->md, xyz, NULL);
    if (!status)
        status = bnsl_md_species(s->md, species);
    if (!status)
        status = bnsl_md_box(s->md, &box);
    if (!status)
        status = bnsl_order_classify(&box, s->n, xyz, species, NULL, phase);
    for (int64_t i = 0; !status && i < s->n; i++)
        crystalline += phase[i] != BNSL_PHASE_FLUID;
    pthread_mutex_lock(&s->lock);
    for (int64_t k = 0; !status && k < 3 * s->n; k++)
        s->xyz[k] = xyz[k];
    s->n_crystalline = crystalline;
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* Some ten times a second, on the worker's thread; done and total are those of one bnsl_md_run. */
static int32_t progress(void *user, int64_t done, int64_t total)
{
    simulation *s = user;
    (void)total;
    atomic_store(&s->step, (long long)(s->begun + done));
    return 0; /* anything else would stop the run */
}

static void *work(void *user)
{
    simulation *s = user;
    bnsl_status status = BNSL_OK;
    while (status == BNSL_OK && (s->begun = present_step(s)) < s->target) {
        int64_t left = s->target - s->begun;
        status = bnsl_md_run(s->md, left < STEPS_A_PICTURE ? left : STEPS_A_PICTURE, s->control);
        if (status == BNSL_OK)
            status = publish(s);
    }
    atomic_store(&s->step, (long long)present_step(s));
    s->result = status;
    snprintf(s->message, sizeof s->message, "%s", status ? bnsl_error_message() : "");
    atomic_store(&s->running, 0);
    return NULL;
}

static void launch(simulation *s, int64_t target)
{
    s->target = target;
    bnsl_control_reset(s->control);
    atomic_store(&s->running, 1);
    if (pthread_create(&s->thread, NULL, work, s) != 0) {
        fputs("no thread\n", stderr);
        exit(EXIT_FAILURE);
    }
}

/* ---- the window's side ------------------------------------------------------------------------------------- */

/* "Draws"; what a real window would do with the copied positions. */
static void window_tick(simulation *s, int64_t *shown)
{
    int64_t step = atomic_load(&s->step);
    if (step / 500 == *shown / 500)
        return;
    *shown = step;
    pthread_mutex_lock(&s->lock);
    fprintf(stderr, "window: step %lld, first particle at (%.2f, %.2f, %.2f), %lld crystalline\n", (long long)step, s->xyz[0], s->xyz[1],
            s->xyz[2], (long long)s->n_crystalline);
    pthread_mutex_unlock(&s->lock);
}

static void on_stop(simulation *s)
{
    bnsl_control_cancel(s->control); /* one atomic store: also allowed in a signal handler */
}

/* Ticks until the worker has ended. click: at this step the user clicks Stop, 0: never. Returns the seconds from the click to the end. */
static double window_loop(simulation *s, int64_t click)
{
    const struct timespec frame = {0, 10 * 1000 * 1000};
    int64_t shown = -1;
    double clicked = 0;
    while (atomic_load(&s->running)) {
        window_tick(s, &shown);
        if (clicked == 0 && click > 0 && atomic_load(&s->step) >= click) {
            on_stop(s);
            clicked = now();
        }
        nanosleep(&frame, NULL);
    }
    pthread_join(s->thread, NULL);
    return clicked > 0 ? now() - clicked : 0;
}

/* An AlB2 crystal at a well depth of 2.5 kT. */
static void make_simulation(simulation *s)
{
    const double diameter[2] = {1, 0.55};
    double xyz[3 * CAPACITY];
    int32_t species[CAPACITY];
    bnsl_lattice *lattice = NULL;
    bnsl_potential *potential = NULL;
    bnsl_lattice_options cell;
    bnsl_md_options run;
    bnsl_box box;

    bnsl_lattice_options_init(&cell, sizeof cell);
    cell.a = 1.06;
    bnsl_md_options_init(&run, sizeof run);
    run.kT = 0.4;
    if (bnsl_lattice_create(&lattice, "AlB2", &cell) ||
        bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, 8, 4, 8, CAPACITY, &s->n, &box, xyz, species) ||
        bnsl_potential_create(&potential, 2, diameter, NULL) || bnsl_md_create(&s->md, &box, s->n, xyz, species, potential, &run) ||
        bnsl_md_thermalize(s->md, run.kT, 1) || bnsl_control_create(&s->control) || bnsl_control_set_progress(s->control, progress, s) ||
        publish(s))
        stop_program("simulation");
    bnsl_potential_destroy(potential);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    static simulation s = {.lock = PTHREAD_MUTEX_INITIALIZER};
    double wait;
    int64_t stopped_at;

    make_simulation(&s);
    launch(&s, LONG);
    wait = window_loop(&s, 1000);
    stopped_at = present_step(&s);
    if (s.result != BNSL_ECANCELLED) {
        fprintf(stderr, "not stopped: %s\n", s.message);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "window: stopped %.0f ms after the click, at step %lld\n", 1e3 * wait, (long long)stopped_at);

    launch(&s, stopped_at + 1000); /* Continue: on to the same bits as a run that was never stopped */
    window_loop(&s, 0);
    if (s.result != BNSL_OK) {
        fprintf(stderr, "failed: %s\n", s.message);
        return EXIT_FAILURE;
    }
    printf("stopped by a click: %s; continued: %s\n", stopped_at >= 1000 && stopped_at < LONG ? "yes" : "no",
           present_step(&s) == stopped_at + 1000 ? "yes" : "no");
    bnsl_control_destroy(s.control);
    bnsl_md_destroy(s.md);
    return EXIT_SUCCESS;
}
