# SPDX-License-Identifier: GPL-3.0-or-later
"""Small-angle X-ray scattering: bnsl_saxs(3). q in nm^-1 and lengths in nm, unless any consistent unit will do."""

from .form_factor import FormFactor, FormFactorFit, fit_form_factor
from .pattern import PatternFit, Peak, PhaseFit, fit_pattern
from .structure_factor import StructureFactor

__all__ = ["FormFactor", "FormFactorFit", "PatternFit", "Peak", "PhaseFit", "StructureFactor", "fit_form_factor", "fit_pattern"]
