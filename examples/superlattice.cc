// SPDX-License-Identifier: GPL-3.0-or-later
//
// libbnsl from C++: objects in std::unique_ptr, failures as exceptions, arrays in std::vector. The wrappers are these few lines; the
// library stays C. Heats an AlB2 superlattice, asks what has stayed crystalline, and measures its first diffraction lines.
//
//     c++ -std=c++11 superlattice.cc $(pkg-config --cflags --libs bnsl) -o superlattice && ./superlattice

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <bnsl/bnsl.h>

namespace bnsl {

struct error : std::runtime_error {
    bnsl_status status;
    error(bnsl_status s, const char *message) : std::runtime_error(message), status(s) {}
};

inline void check(bnsl_status status)
{
    if (status == BNSL_ENOMEM)
        throw std::bad_alloc();
    if (status != BNSL_OK)
        throw error(status, bnsl_error_message());
}

struct destroy {
    void operator()(bnsl_lattice *p) const { bnsl_lattice_destroy(p); }
    void operator()(bnsl_potential *p) const { bnsl_potential_destroy(p); }
    void operator()(bnsl_md *p) const { bnsl_md_destroy(p); }
};
template <class T>
using owned = std::unique_ptr<T, destroy>;

// make(bnsl_x_create, arguments after the first...): an object that ends with its owner.
template <class T, class... Parameters, class... Arguments>
owned<T> make(bnsl_status (*create)(T **, Parameters...), Arguments... arguments)
{
    T *raw = nullptr;
    check(create(&raw, arguments...));
    return owned<T>(raw);
}

// An options structure with its defaults.
template <class T>
T defaults(bnsl_status (*init)(T *, size_t))
{
    T options;
    check(init(&options, sizeof options));
    return options;
}

struct particles {
    bnsl_box box;
    std::vector<double> xyz;
    std::vector<int32_t> species;
    int64_t n() const { return static_cast<int64_t>(species.size()); }
};

inline particles supercell(const bnsl_lattice *lattice, int32_t nx, int32_t ny, int32_t nz)
{
    particles p;
    int64_t n = 0;
    bnsl_status status = bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, nx, ny, nz, 0, &n, nullptr, nullptr, nullptr);
    if (status != BNSL_EBUFFER) // a call without room asks how much is needed
        check(status);
    p.xyz.resize(3 * static_cast<size_t>(n));
    p.species.resize(static_cast<size_t>(n));
    check(bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, nx, ny, nz, n, &n, &p.box, p.xyz.data(), p.species.data()));
    return p;
}

} // namespace bnsl

static double crystalline_share(const bnsl::particles &p)
{
    std::vector<int32_t> phase(p.species.size());
    bnsl::check(bnsl_order_classify(&p.box, p.n(), p.xyz.data(), p.species.data(), nullptr, phase.data()));
    const auto large = std::count(p.species.begin(), p.species.end(), 0);
    const auto alb2 = std::count(phase.begin(), phase.end(), static_cast<int32_t>(BNSL_PHASE_ALB2));
    return static_cast<double>(alb2) / static_cast<double>(large);
}

static void run()
{
    const std::vector<double> diameter = {1, 0.55};

    auto cell = bnsl::defaults(bnsl_lattice_options_init);
    cell.a = 1.06;
    cell.c_over_a = 1.03;
    const auto lattice = bnsl::make(bnsl_lattice_create, "AlB2", &cell);
    auto crystal = bnsl::supercell(lattice.get(), 6, 4, 6);
    const auto potential = bnsl::make(bnsl_potential_create, static_cast<int32_t>(diameter.size()), diameter.data(), nullptr);

    for (double depth : {2.5, 0.1}) { // in kT: a crystal that is stable, and one that melts
        auto options = bnsl::defaults(bnsl_md_options_init);
        options.kT = 1 / depth;
        options.dt = depth < 1 ? 0.0005 : 0.002;
        options.friction = 1;
        auto hot = crystal;
        if (depth < 1) { // with room to melt
            hot.box.lx *= 1.3, hot.box.ly *= 1.3, hot.box.lz *= 1.3;
            for (double &x : hot.xyz)
                x *= 1.3;
        }
        const auto md = bnsl::make(bnsl_md_create, &hot.box, hot.n(), hot.xyz.data(), hot.species.data(), potential.get(), &options);
        bnsl::check(bnsl_md_thermalize(md.get(), options.kT, 1));
        bnsl::check(bnsl_md_run(md.get(), 1000, nullptr));
        bnsl::check(bnsl_md_positions(md.get(), hot.xyz.data(), nullptr));
        std::printf("well depth %.1f kT: %3.0f %% of L in AlB2\n", depth, 100 * crystalline_share(hot));
    }

    std::vector<bnsl_reflection> lines(64);
    int64_t n_lines = 0;
    bnsl::check(bnsl_lattice_reflections(lattice.get(), 12, 0, static_cast<int64_t>(lines.size()), &n_lines, lines.data()));
    for (int64_t i = 0; i < std::min<int64_t>(3, n_lines); i++) {
        const auto &line = lines[static_cast<size_t>(i)];
        std::printf("(%d%d%d) at q = %.4f\n", line.h, line.k, line.l, line.q);
    }
}

int main()
{
    try {
        run();
        try { // a failure is an exception with the library's sentence
            bnsl::make(bnsl_lattice_create, "kryptonite", nullptr);
        } catch (const bnsl::error &e) {
            std::printf("%s\n", std::string(e.what()).find("kryptonite") != std::string::npos ? "refused: kryptonite" : e.what());
        }
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
