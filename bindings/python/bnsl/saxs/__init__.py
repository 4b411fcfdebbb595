# SPDX-License-Identifier: GPL-3.0-or-later
"""Small-angle X-ray scattering: bnsl_saxs(3). q in nm^-1 and lengths in nm, unless any consistent unit will do."""

from .dilute import DiluteFit, Parameter, fit_dilute
from .form_factor import FormFactor, FormFactorFit, fit_form_factor
from .pattern import PatternFit, Peak, PhaseFit, fit_pattern
from .structure_factor import StructureFactor

__all__ = [
    "DiluteFit",
    "FormFactor",
    "FormFactorFit",
    "Parameter",
    "PatternFit",
    "Peak",
    "PhaseFit",
    "StructureFactor",
    "fit_dilute",
    "fit_form_factor",
    "fit_pattern",
]
