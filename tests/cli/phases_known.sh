# SPDX-License-Identifier: GPL-3.0-or-later
# bnsl phases on state points that follow a known equation of state, so that nothing is run: vapour and liquid, and the critical depth, are those of the
# equation. Near the critical depth all columns together make one surface, which has the equation's form:
#
#   beta A/N = ln rho - 1 + a_CS(eta) + (B2(eps) - B2_HS) rho - K eps rho^2,  B2 of the pair, a_CS Carnahan and Starling's with the diameter of the power law.
. "$SRCDIR/tests/cli/lib.sh"

b2_at() { "$BNSL" potential --exponents 50,6 --r-cut 2.5 --kT "$(awk "BEGIN { printf \"%.17g\", 1 / $1 }")" --json >out 2>err; json b2; }
"$BNSL" potential --exponents 50 --form ipl --kT 1 --json >out 2>err
ipl="$(json d_barker_henderson) $(json b2)"

# nodes of the path for depths 1 and 1.5: coupling, depth; B2 there and its slope by differences
for e in 1 1.0563508326896291 1.25 1.4436491673103709 1.5; do
    printf '%s %s %s %s\n' "$e" "$(b2_at $e)" "$(b2_at "$(awk "BEGIN { printf \"%.17g\", $e - 1e-3 }")")" "$(b2_at "$(awk "BEGIN { printf \"%.17g\", $e + 1e-3 }")")"
done >b2
mkdir -p known/state
awk -v ipl="$ipl" -v CONVFMT=%.17g -v OFMT=%.17g '
function a_cs(e) { return e * (4 - 3 * e) / (1 - e) ^ 2 }
function z_cs(e) { return (1 + e + e * e - e * e * e) / (1 - e) ^ 3 }
function a_fluid(r, e, b) { return log(r) - 1 + a_cs(v * r) + (b - b_hs) * r - K * e * r * r }
function z_fluid(r, e, b) { return z_cs(v * r) + (b - b_hs) * r - 2 * K * e * r * r }
function row(file, c, e, slope, energy, z) { printf "%.17g\t%.17g\t%.17g\t1e-4\t%.17g\t1e-4\t%.17g\t1e-3\t1\t1\t1\t0\t1\t1\t0\n", c, e, slope, energy, z >file }
function head(file, rho, n) { printf "# bnsl phases, one state point\nparticles\t%d\ndensity\t%.17g\n# values\n", n, rho >file }
# a column of fluid (from the power law) or of the dome (from node 2 of the depths on; before, nothing), or of a crystal that is hard to reach
function column(name, k, phi,    f, r, i, s, c) {
    f = sprintf("known/state/%s-%02d.tsv", name, k)
    r = phi / (3.14159265358979323846 / 6)
    head(f, r, 500)
    s = name == "solid" ? -6 : a_fluid(r, 1, b2[0]) - (log(r) - 1 + a_cs(v * r) + (b_ipl - b_hs) * r)
    split("0 0.046910077030667997 0.23076534494715845 0.5 0.7692346550528415 0.95308992296933204", c, " ")
    for (i = 1; i <= 6; i++) {
        if (name == "dome") printf "%s\t1\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\n", c[i] >f
        else row(f, c[i], 1, s, s, name == "solid" ? 20 + 200 * (r - 1.1) : i == 1 ? z_cs(v * r) + (b_ipl - b_hs) * r : 1)
    }
    for (i = 0; i < 5; i++) {
        if (name == "dome" && i < 2) printf "1\t%s\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\tnan\n", eps[i] >f
        else if (name == "solid") row(f, 1, eps[i], -6, -6 * eps[i], 12 + 200 * (r - 1.1))
        else row(f, 1, eps[i], slope[i] * r - K * r * r, 0, z_fluid(r, eps[i], b2[i]))
    }
    printf "end\n" >f
    close(f)
}
{ eps[NR - 1] = $1; b2[NR - 1] = $2; slope[NR - 1] = ($4 - $3) / 2e-3 }
# the tangent of the equation at the last depth: the pressure at which mu of vapour and liquid are equal, by halving
function p_of(r) { return r * z_fluid(r, E, B) }
function mu_of(r) { return a_fluid(r, E, B) + z_fluid(r, E, B) }
function density(p, low, high,    i, m) { for (i = 0; i < 60; i++) { m = (low + high) / 2; if (p_of(m) < p) low = m; else high = m } return (low + high) / 2 }
END {
    split(ipl, x, " "); v = 3.14159265358979323846 / 6 * x[1] ^ 3; b_hs = 4 * v; b_ipl = x[2]; K = 0.6
    n = split("0.003 0.01 0.03 0.06 0.10 0.15 0.20 0.25 0.30 0.35 0.39 0.43 0.46 0.49 0.52", phi, " ")
    for (i = 1; i <= n; i++) column("fluid", i - 1, phi[i])
    n = split("0.037 0.052 0.067 0.087 0.122 0.173 0.228 0.288 0.349 0.404", phi, " ")
    for (i = 1; i <= n; i++) column("dome", i - 1, phi[i])
    n = split("0.52 0.54 0.56 0.585 0.61 0.64 0.67 0.70", phi, " ")
    for (i = 1; i <= n; i++) column("solid", i - 1, phi[i])
    for (i = 0; i < 2; i++) {
        f = sprintf("known/state/anchor-%02d.tsv", i)
        head(f, 0.585 / (3.14159265358979323846 / 6), i ? 166 : 500)
        printf "10\t0.001\t10\t0\t0\t0.001\t0\t0.001\t20\t0.1\t1\t0.1\t1\t0\t0.1\t0\nend\n" >f
        close(f)
    }
    E = eps[4]; B = b2[4]
    for (r = 0.001; p_of(r + 0.0005) > p_of(r); r += 0.0005) top = r
    for (r = 0.8; p_of(r - 0.0005) < p_of(r); r -= 0.0005) bottom = r
    low = p_of(bottom) > 0 ? p_of(bottom) : 1e-9; high = p_of(top)
    for (i = 0; i < 60; i++) {
        p = (low + high) / 2; g = density(p, 1e-9, top); l = density(p, bottom, 0.9)
        if (mu_of(g) < mu_of(l)) low = p; else high = p
    }
    printf "vapour=%.8g\nliquid=%.8g\npressure=%.8g\nmu=%.8g\n", g, l, p, mu_of(g)
}' b2 >wanted
. ./wanted
echo "the equation: vapour $vapour, liquid $liquid, P $pressure, mu $mu"
run "$BNSL" phases --structure fcc --exponents 50,6 --well-depth 1,1.5 --particles 500 --seed 1 --out known --json
expect_status "state points of a known equation" 0
# the slope of B2 by differences is the only error: some 1e-7
expect_json_close "the vapour" points.1.vapour_liquid.rho_vapour "$vapour" 1e-4
expect_json_close "the liquid" points.1.vapour_liquid.rho_liquid "$liquid" 1e-4
expect_json_close "the pressure" points.1.vapour_liquid.P "$pressure" 1e-4
expect_json_close "the chemical potential" points.1.vapour_liquid.mu "$mu" 1e-4
# and at the critical depth that is found the least dP/d rho of the equation is 0: it falls by some 2 in a kT
depth=$(json critical_well_depth)
rho=$(json critical_density)
cp out kept
b2=$(b2_at "$depth")
least=$(awk -v ipl="$ipl" -v e="$depth" -v b="$b2" '
function p(r,    y) { y = v * r; return r * ((1 + y + y * y - y * y * y) / (1 - y) ^ 3 + (b - 4 * v) * r - 1.2 * e * r * r) }
BEGIN {
    split(ipl, x, " "); v = 3.14159265358979323846 / 6 * x[1] ^ 3; least = 9
    for (r = 0.02; r < 0.9; r += 1e-4) { s = (p(r + 1e-5) - p(r - 1e-5)) / 2e-5; if (s < least) { least = s; at = r } }
    printf "%.2f %.2f", least < 0 ? -least : least, at
}')
expect_equal "the critical depth, $depth, and density" "$least" "0.00 $(awk "BEGIN { printf \"%.2f\", $rho }")"
expect_equal "nothing was run" "$(grep -c '^# values' known/state/*.tsv | grep -c ':1$')" 35
finish
