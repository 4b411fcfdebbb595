# SPDX-License-Identifier: GPL-3.0-or-later
"""The two pair potentials of the assembly paper: a narrow and a wide well. Run it as it is, or cell by cell in a notebook."""

# %% L and S spheres, diameters 1 and 0.55; exponents 50-25 and 50-6.
import bnsl

narrow = bnsl.Potential([1.0, 0.55], n=50, m=25)
wide = bnsl.Potential([1.0, 0.55], n=50, m=6)

# %% How far they attract. Below some 14 % of the diameter there is no stable liquid [Noro and Frenkel 2000].
for name, potential in (("narrow", narrow), ("wide", wide)):
    r_min, u_min = potential.minimum()
    kT = 1 / 2.5  # a well depth of 2.5 kT
    print(
        f"{name:6}  r_min {r_min:.4f}  B2 {potential.second_virial(kT):8.3f}  hard-sphere diameter {potential.barker_henderson(kT):.4f}"
        f"  range {potential.effective_range(kT):.4f}  Boyle kT {potential.boyle_kT():.4f}"
    )
assert narrow.effective_range(0.4) < 0.14 < wide.effective_range(0.4)

# %% One pair of its own: S repel each other only.
narrow.set_pair("S", "S", form="wca", n=50, m=25, sigma=0.55)
print("S-S:", narrow.pair("S", "S"))

# %% Energies of the pairs.
try:
    narrow.plot().figure.savefig("pair_potentials.png")
except ImportError:
    print("no picture: matplotlib is not installed")
