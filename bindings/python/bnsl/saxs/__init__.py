# SPDX-License-Identifier: GPL-3.0-or-later
"""Small-angle X-ray scattering: bnsl_saxs(3). q in nm^-1 and lengths in nm, unless any consistent unit will do."""

from .dilute import DiluteFit, Parameter, fit_dilute
from .form_factor import FormFactor, FormFactorFit, fit_form_factor
from .pattern import FluidFit, Geometry, LineFit, PatternFit, Peak, PhaseFit, fit_line, fit_pattern, scherrer
from .series import FrameFit, Normalised, SeriesFit, fit_series, normalise
from .peaks import FoundPeak, ImageSpacing, IndexCandidate, IndexLine, find_peaks, image_spacing, image_spectrum, index_peaks
from .structure_factor import StructureFactor

__all__ = [
    "DiluteFit",
    "FluidFit",
    "FormFactor",
    "FormFactorFit",
    "FoundPeak",
    "FrameFit",
    "Geometry",
    "ImageSpacing",
    "IndexCandidate",
    "IndexLine",
    "LineFit",
    "Normalised",
    "Parameter",
    "PatternFit",
    "Peak",
    "PhaseFit",
    "SeriesFit",
    "StructureFactor",
    "find_peaks",
    "fit_dilute",
    "fit_form_factor",
    "fit_line",
    "fit_pattern",
    "fit_series",
    "image_spacing",
    "image_spectrum",
    "index_peaks",
    "normalise",
    "scherrer",
]
