# SPDX-License-Identifier: GPL-3.0-or-later
"""The C interface as ctypes sees it. Written by generate_ffi.py from include/bnsl/*.h: `make ffi-update` after a change there."""
import ctypes as c
from typing import Any

from ._types import P, f64, i32, i64, in_f64, in_i32, in_i64, in_u32, out_f64, out_i32, out_i64, out_u32, size, status, u32, u64

VERSION = "0.1.0"
SONAME = "libbnsl.so.0"

BNSL_OK = 0
BNSL_EINVAL = -1
BNSL_ENOMEM = -2
BNSL_EDOMAIN = -3
BNSL_ENUMERIC = -4
BNSL_ENOCONV = -5
BNSL_EBUFFER = -6
BNSL_ECANCELLED = -7
BNSL_EFORMAT = -8
BNSL_EIO = -9
BNSL_EUNSUPPORTED = -10
BNSL_EINTERNAL = -11
BNSL_ISA_AUTO = 0
BNSL_ISA_BASELINE = 1
BNSL_ISA_AVX2 = 2
BNSL_ISA_AVX512 = 3
BNSL_PERIODIC_X = 1
BNSL_PERIODIC_Y = 2
BNSL_PERIODIC_Z = 4
BNSL_PERIODIC_XYZ = 7
BNSL_FORM_MIE = 0
BNSL_FORM_IPL = 1
BNSL_FORM_WCA = 2
BNSL_FORM_NONE = 3
BNSL_FORM_TABLE = 4
BNSL_FORM_IPL_MIE = 5
BNSL_SHIFT_ENERGY = 0
BNSL_SHIFT_NONE = 1
BNSL_SHIFT_SMOOTH = 2
BNSL_BH_WCA = 0
BNSL_BH_SIGMA = 1
BNSL_CELL_CONVENTIONAL = 0
BNSL_CELL_ORTHOGONAL = 1
BNSL_SYSTEM_CUBIC = 0
BNSL_SYSTEM_HEXAGONAL = 1
BNSL_SYSTEM_TETRAGONAL = 2
BNSL_BONDS_GEOMETRY = 0
BNSL_BONDS_PAPER = 1
BNSL_ABSENCE_NONE = 0
BNSL_ABSENCE_GROUP = 1
BNSL_ABSENCE_SITES = 2
BNSL_RELAX_NOTHING = 0
BNSL_RELAX_C_OVER_A = 1
BNSL_RELAX_SITES = 2
BNSL_RELAX_ALL = 3
BNSL_NEIGHBOR_RADIUS = 0
BNSL_NEIGHBOR_NEAREST = 1
BNSL_NEIGHBOR_SANN = 2
BNSL_NEIGHBOR_RAD_OPEN = 3
BNSL_NEIGHBOR_RAD_CLOSED = 4
BNSL_NEIGHBOR_HALF = 1
BNSL_NEIGHBOR_SORTED = 2
BNSL_NEIGHBOR_NO_VECTORS = 4
BNSL_MD_NVE = 0
BNSL_MD_LANGEVIN = 1
BNSL_MD_NVT = 2
BNSL_MD_NPT = 3
BNSL_MD_ISOTROPIC = 0
BNSL_MD_ORTHORHOMBIC = 1
BNSL_MD_TRICLINIC = 2
BNSL_MD_DOUBLE = 0
BNSL_MD_MIXED = 1
BNSL_MD_WALL_NONE = 0
BNSL_MD_WALL_SPHERE = 1
BNSL_MD_WALL_SLAB = 2
BNSL_PHASE_FLUID = 0
BNSL_PHASE_ALB2 = 1
BNSL_PHASE_NAZN13 = 2
BNSL_PHASE_FCC = 3
BNSL_N_PHASES = 4
BNSL_ORDER_L_MAX = 20
BNSL_REGION_FLUID = 0
BNSL_REGION_CORE = 1
BNSL_REGION_SURFACE = 2
BNSL_REGION_SMALL = 3
BNSL_N_REGIONS = 4
BNSL_CONFINEMENT_NONE = 0
BNSL_CONFINEMENT_SPHERE = 1
BNSL_CONFINEMENT_SLAB = 2
BNSL_NUCLEATION_UNDECIDED = 0
BNSL_NUCLEATION_ONE_STEP = 1
BNSL_NUCLEATION_TWO_STEP = 2
BNSL_ORDER_SPECIES_MAX = 16
BNSL_RDF_FINITE_SIZE = 1
BNSL_SQ_AUTO = 0
BNSL_SQ_DIRECT = 1
BNSL_SQ_NUFFT = 2
BNSL_SQ_DEBYE = 3
BNSL_SQ_SHAPE_KEEP = 0
BNSL_SQ_SHAPE_SUBTRACT = 1
BNSL_SQ_SHAPE_MASK = 2
BNSL_SIZES_GAUSSIAN = 0
BNSL_SIZES_SCHULZ = 1
BNSL_SIZES_LOGNORMAL = 2
BNSL_WEIGHTING_NUMBER = 0
BNSL_WEIGHTING_VOLUME = 1
BNSL_ERRORS_GIVEN = 0
BNSL_ERRORS_RELATIVE = 1
BNSL_ERRORS_SQRT = 2
BNSL_ERRORS_UNIFORM = 3
BNSL_PARAMETER_RADIUS = 0
BNSL_PARAMETER_SIGMA = 1
BNSL_PARAMETER_SHELL = 2
BNSL_PARAMETER_SLD_CORE = 3
BNSL_PARAMETER_SLD_SHELL = 4
BNSL_PARAMETER_SLD_MEDIUM = 5
BNSL_PARAMETER_SCALE = 6
BNSL_PARAMETER_BACKGROUND = 7
BNSL_FIT_FREE = 0
BNSL_FIT_FIXED = 1
BNSL_FIT_AT_BOUND = 2
BNSL_FIT_UNDETERMINED = 3
BNSL_LINE_LORENTZIAN = 0
BNSL_LINE_GAUSSIAN = 1
BNSL_BACKGROUND_PHYSICAL = 0
BNSL_BACKGROUND_POLYNOMIAL = 1
BNSL_FLUID_FITTED = 0
BNSL_FLUID_FIXED = 1
BNSL_FLUID_IDEAL = 2
BNSL_FLUID_NONE = 3
BNSL_AREAS_FREE = 0
BNSL_AREAS_CALCULATED = 1
BNSL_CENTRES_LATTICE = 0
BNSL_CENTRES_FREE = 1
BNSL_SCHERRER_PAPER = 0
BNSL_SCHERRER_FWHM_DIAMETER = 1
BNSL_SCHERRER_FWHM_VOLUME = 2
BNSL_SCHERRER_BREADTH_DIAMETER = 3
BNSL_SCHERRER_BREADTH_VOLUME = 4
BNSL_PARAMETER_FITTED = 0
BNSL_PARAMETER_FIXED = 1
BNSL_PARAMETER_AT_BOUND = 2
BNSL_PARAMETER_UNDETERMINED = 3
BNSL_FILE_AUTO = 0
BNSL_FILE_GSD = 1
BNSL_FILE_XYZ = 2
BNSL_UNIT_FROM_FILE = 0
BNSL_UNIT_PER_NM = 1
BNSL_UNIT_PER_ANGSTROM = 2
BNSL_EINSTEIN_MOLECULE = 0
BNSL_EINSTEIN_CRYSTAL = 1
BNSL_SOLID_INTEGRAL = 0
BNSL_SOLID_MBAR = 1
BNSL_SOLID_CELL_FIXED = 0
BNSL_SOLID_CELL_RELAX_Z = 1
BNSL_SOLID_HOPPED = 1
BNSL_SOLID_BIASED = 2
BNSL_SOLID_CELL_STRESSED = 4
BNSL_SOLID_SLOW = 8
BNSL_SOLID_WEAK = 16
BNSL_SOLID_POOR_OVERLAP = 32
BNSL_FLUID_HYSTERESIS = 1
BNSL_FLUID_CLUMPED = 2
BNSL_DATUM_A = 0
BNSL_DATUM_Z = 1
BNSL_DATUM_U = 2


class bnsl_control(c.Structure):
    pass


class bnsl_potential(c.Structure):
    pass


class bnsl_lattice(c.Structure):
    pass


class bnsl_neighbor_list(c.Structure):
    pass


class bnsl_md(c.Structure):
    pass


class bnsl_order_nucleation(c.Structure):
    pass


class bnsl_order_rdf(c.Structure):
    pass


class bnsl_order_msd(c.Structure):
    pass


class bnsl_saxs_dilute(c.Structure):
    pass


class bnsl_saxs_pattern(c.Structure):
    pass


class bnsl_saxs_series(c.Structure):
    pass


class bnsl_io_frame(c.Structure):
    pass


class bnsl_io_reader(c.Structure):
    pass


class bnsl_io_writer(c.Structure):
    pass


class bnsl_io_table(c.Structure):
    pass


class bnsl_io_curve(c.Structure):
    pass


class bnsl_io_series(c.Structure):
    pass


class bnsl_free_energy_surface(c.Structure):
    pass


class bnsl_free_energy_mixture(c.Structure):
    pass


class bnsl_box(c.Structure):
    _fields_ = [
        ("lx", c.c_double),
        ("ly", c.c_double),
        ("lz", c.c_double),
        ("xy", c.c_double),
        ("xz", c.c_double),
        ("yz", c.c_double),
        ("periodic", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_potential_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("form", c.c_int32),
        ("n", c.c_double),
        ("m", c.c_double),
        ("well_depth", c.c_double),
        ("sigma", c.c_double),
        ("r_cut", c.c_double),
        ("shift", c.c_int32),
        ("reserved", c.c_int32),
        ("coupling", c.c_double),
        ("ipl_prefactor", c.c_double),
        ("r_on", c.c_double),
    ]


class bnsl_lattice_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("reserved", c.c_int32),
        ("a", c.c_double),
        ("c_over_a", c.c_double),
        ("y", c.c_double),
        ("z", c.c_double),
        ("x", c.c_double),
    ]


class bnsl_reflection(c.Structure):
    _fields_ = [
        ("h", c.c_int32),
        ("k", c.c_int32),
        ("l", c.c_int32),
        ("multiplicity", c.c_int32),
        ("allowed", c.c_int32),
        ("absence", c.c_int32),
        ("q", c.c_double),
        ("g_ll", c.c_double),
        ("g_ss", c.c_double),
        ("g_ls", c.c_double),
    ]


class bnsl_lattice_packing(c.Structure):
    _fields_ = [
        ("fraction", c.c_double),
        ("a", c.c_double),
        ("c_over_a", c.c_double),
        ("x", c.c_double),
        ("y", c.c_double),
        ("z", c.c_double),
        ("touch_ll", c.c_int32),
        ("touch_ls", c.c_int32),
        ("touch_ss", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_neighbor_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("mode", c.c_int32),
        ("r_min", c.c_double),
        ("r_max", c.c_double),
        ("k", c.c_int32),
        ("query_species", c.c_int32),
        ("point_species", c.c_int32),
        ("flags", c.c_int32),
        ("num_threads", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_md_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("integrator", c.c_int32),
        ("dt", c.c_double),
        ("kT", c.c_double),
        ("friction", c.c_double),
        ("skin", c.c_double),
        ("seed", c.c_uint64),
        ("num_threads", c.c_int32),
        ("instruction_set", c.c_int32),
        ("precision", c.c_int32),
        ("chain_length", c.c_int32),
        ("thermostat_time", c.c_double),
        ("pressure", c.c_double),
        ("barostat_time", c.c_double),
        ("barostat", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_md_thermo(c.Structure):
    _fields_ = [
        ("step", c.c_int64),
        ("time", c.c_double),
        ("potential_energy", c.c_double),
        ("kinetic_energy", c.c_double),
        ("kT", c.c_double),
        ("pressure", c.c_double),
        ("pressure_tensor", c.c_double * 6),
        ("volume", c.c_double),
        ("packing_fraction", c.c_double),
        ("packing_fraction_effective", c.c_double),
        ("wall_energy", c.c_double),
        ("wall_pressure", c.c_double),
        ("conserved", c.c_double),
    ]


class bnsl_md_statistics(c.Structure):
    _fields_ = [
        ("step", c.c_int64),
        ("n_steps", c.c_int64),
        ("n_list_builds", c.c_int64),
        ("n_listed", c.c_int64),
        ("wall_seconds", c.c_double),
        ("list_seconds", c.c_double),
        ("skin", c.c_double),
        ("n_returned", c.c_int64),
    ]


class bnsl_md_minimize_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("max_steps", c.c_int32),
        ("force_tolerance", c.c_double),
        ("dt_start", c.c_double),
        ("max_move", c.c_double),
    ]


class bnsl_order_solid_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("l", c.c_int32),
        ("threshold", c.c_double),
        ("min_connections", c.c_int32),
        ("raw", c.c_int32),
        ("num_threads", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_order_classify_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("alb2_q4_ls", c.c_double),
        ("nazn13_q4_ll", c.c_double),
        ("nazn13_q6_ll_max", c.c_double),
        ("fcc_q6_ll", c.c_double),
        ("guard_ll", c.c_double),
        ("guard_ls", c.c_double),
        ("b_ll", c.c_double),
        ("guard_ls_nazn13", c.c_double),
        ("fcc_w4_ll_max", c.c_double),
        ("fcc_w6_ll_max", c.c_double),
        ("fcc_clear_ls", c.c_double),
    ]


class bnsl_order_grains_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("d_min", c.c_double),
        ("min_size", c.c_int64),
    ]


class bnsl_order_nucleation_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("onset_size", c.c_int64),
        ("hold_frames", c.c_int64),
        ("nucleus_size", c.c_int64),
        ("diameter_l", c.c_double),
        ("diameter_s", c.c_double),
        ("effective_l", c.c_double),
        ("effective_s", c.c_double),
        ("density_r_max", c.c_double),
        ("density_diameter", c.c_double),
        ("dense_alb2", c.c_double),
        ("dense_nazn13", c.c_double),
        ("dense_fcc", c.c_double),
    ]


class bnsl_order_nucleation_frame(c.Structure):
    _fields_ = [
        ("step", c.c_int64),
        ("time", c.c_double),
        ("n_large", c.c_int64),
        ("n_phase", c.c_int64 * 4),
        ("n_clusters", c.c_int64),
        ("n_nuclei", c.c_int64),
        ("largest_cluster", c.c_int64),
        ("largest_phase", c.c_int32),
        ("reserved", c.c_int32),
        ("center", c.c_double * 3),
        ("distance", c.c_double),
        ("distance_random", c.c_double),
        ("distance_probability", c.c_double),
        ("volume", c.c_double),
        ("density", c.c_double),
        ("packing_fraction", c.c_double),
        ("packing_fraction_effective", c.c_double),
        ("dense_fluid", c.c_double * 4),
        ("n_known", c.c_int64),
        ("n_dense_before", c.c_int64),
    ]


class bnsl_order_nucleation_summary(c.Structure):
    _fields_ = [
        ("n_frames", c.c_int64),
        ("onset_frame", c.c_int64),
        ("onset", bnsl_order_nucleation_frame),
        ("largest_frame", c.c_int64),
        ("largest_cluster", c.c_int64),
        ("mechanism", c.c_int32),
        ("reserved", c.c_int32),
        ("dense_before", c.c_double),
        ("dense_fluid", c.c_double),
    ]


class bnsl_order_density_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("r_max", c.c_double),
        ("diameter", c.c_double),
        ("query_species", c.c_int32),
        ("point_species", c.c_int32),
    ]


class bnsl_order_rdf_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("r_min", c.c_double),
        ("r_max", c.c_double),
        ("n_bins", c.c_int32),
        ("n_species", c.c_int32),
        ("species_a", c.c_int32),
        ("species_b", c.c_int32),
        ("flags", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_order_msd_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("n_species", c.c_int32),
        ("follow", c.c_int32),
        ("remove_drift", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_order_diffusion_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("n_blocks", c.c_int32),
        ("dt", c.c_double),
        ("lag_min", c.c_int64),
        ("lag_max", c.c_int64),
        ("through_origin", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_sq_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("num_threads", c.c_int32),
        ("q_max", c.c_double),
        ("q_min", c.c_double),
        ("n_q", c.c_int32),
        ("method", c.c_int32),
        ("peak_hwhm", c.c_double),
        ("tolerance", c.c_double),
        ("memory_mib", c.c_double),
        ("bin_width", c.c_double),
        ("shape_radius", c.c_double),
        ("shape", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_particle(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("distribution", c.c_int32),
        ("weighting", c.c_int32),
        ("n_points", c.c_int32),
        ("radius", c.c_double),
        ("sigma", c.c_double),
        ("n_sigma", c.c_double),
        ("shell", c.c_double),
        ("sld_core", c.c_double),
        ("sld_shell", c.c_double),
        ("sld_medium", c.c_double),
    ]


class bnsl_saxs_form_factor_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("distribution", c.c_int32),
        ("error_model", c.c_int32),
        ("weighting", c.c_int32),
        ("relative_error", c.c_double),
        ("radius_start", c.c_double),
        ("q_min", c.c_double),
        ("q_max", c.c_double),
    ]


class bnsl_saxs_form_factor_result(c.Structure):
    _fields_ = [
        ("radius", c.c_double),
        ("radius_err", c.c_double),
        ("sigma", c.c_double),
        ("sigma_err", c.c_double),
        ("scale", c.c_double),
        ("scale_err", c.c_double),
        ("background", c.c_double),
        ("background_err", c.c_double),
        ("chi2_reduced", c.c_double),
        ("correlation_radius_sigma", c.c_double),
        ("n_points", c.c_int64),
        ("n_iterations", c.c_int32),
        ("converged", c.c_int32),
        ("sigma_at_bound", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_parameter(c.Structure):
    _fields_ = [
        ("value", c.c_double),
        ("err", c.c_double),
        ("status", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_dilute_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("error_model", c.c_int32),
        ("relative_error", c.c_double),
        ("q_min", c.c_double),
        ("q_max", c.c_double),
    ]


class bnsl_saxs_pattern_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("background", c.c_int32),
        ("background_order", c.c_int32),
        ("fluid", c.c_int32),
        ("line_shape", c.c_int32),
        ("scherrer", c.c_int32),
        ("error_model", c.c_int32),
        ("distribution", c.c_int32),
        ("relative_error", c.c_double),
        ("q_min", c.c_double),
        ("q_max", c.c_double),
        ("resolution", c.c_double),
        ("scherrer_k", c.c_double),
        ("d_large", c.c_double),
        ("d_small", c.c_double),
        ("sigma_large", c.c_double),
        ("sigma_small", c.c_double),
        ("contrast_large", c.c_double),
        ("contrast_small", c.c_double),
        ("ratio", c.c_double),
        ("fluid_eta", c.c_double),
        ("fluid_diameter", c.c_double),
        ("fluid_damping", c.c_double),
    ]


class bnsl_saxs_phase_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("areas", c.c_int32),
        ("centres", c.c_int32),
        ("fit_c_over_a", c.c_int32),
        ("fit_microstrain", c.c_int32),
        ("fix_u_rms", c.c_int32),
        ("a_min", c.c_double),
        ("a_max", c.c_double),
        ("microstrain", c.c_double),
        ("u_rms", c.c_double),
        ("centre_bound", c.c_double),
    ]


class bnsl_saxs_phase(c.Structure):
    _fields_ = [
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("c_over_a", c.c_double),
        ("c_over_a_err", c.c_double),
        ("hwhm", c.c_double),
        ("hwhm_err", c.c_double),
        ("microstrain", c.c_double),
        ("microstrain_err", c.c_double),
        ("xi", c.c_double),
        ("xi_err", c.c_double),
        ("fraction", c.c_double),
        ("fraction_err", c.c_double),
        ("u_rms", c.c_double),
        ("u_rms_err", c.c_double),
        ("diffuse", c.c_double),
        ("diffuse_err", c.c_double),
        ("scale_weight", c.c_double),
        ("n_peaks", c.c_int32),
        ("a_status", c.c_int32),
        ("c_over_a_status", c.c_int32),
        ("hwhm_status", c.c_int32),
        ("microstrain_status", c.c_int32),
        ("u_status", c.c_int32),
    ]


class bnsl_saxs_peak(c.Structure):
    _fields_ = [
        ("h", c.c_int32),
        ("k", c.c_int32),
        ("l", c.c_int32),
        ("multiplicity", c.c_int32),
        ("status", c.c_int32),
        ("reserved", c.c_int32),
        ("q", c.c_double),
        ("q_err", c.c_double),
        ("area", c.c_double),
        ("area_err", c.c_double),
    ]


class bnsl_saxs_fluid(c.Structure):
    _fields_ = [
        ("eta", c.c_double),
        ("eta_err", c.c_double),
        ("diameter", c.c_double),
        ("diameter_err", c.c_double),
        ("damping", c.c_double),
        ("damping_err", c.c_double),
        ("share_large", c.c_double),
        ("share_large_err", c.c_double),
        ("share_small", c.c_double),
        ("share_small_err", c.c_double),
        ("eta_status", c.c_int32),
        ("diameter_status", c.c_int32),
        ("damping_status", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_geometry(c.Structure):
    _fields_ = [
        ("b_ll", c.c_double),
        ("b_ls", c.c_double),
        ("b_ss", c.c_double),
        ("d_ll", c.c_double),
        ("d_ls", c.c_double),
        ("d_ss", c.c_double),
        ("d_ll_err", c.c_double),
        ("d_ls_err", c.c_double),
        ("d_ss_err", c.c_double),
        ("volume_fraction", c.c_double),
        ("volume_fraction_err", c.c_double),
    ]


class bnsl_saxs_line_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("line_shape", c.c_int32),
        ("background_order", c.c_int32),
        ("error_model", c.c_int32),
        ("relative_error", c.c_double),
        ("window", c.c_double),
        ("resolution", c.c_double),
    ]


class bnsl_saxs_line(c.Structure):
    _fields_ = [
        ("q", c.c_double),
        ("q_err", c.c_double),
        ("hwhm", c.c_double),
        ("hwhm_err", c.c_double),
        ("area", c.c_double),
        ("area_err", c.c_double),
        ("chi2_reduced", c.c_double),
        ("n_points", c.c_int64),
        ("converged", c.c_int32),
        ("n_iterations", c.c_int32),
        ("q_status", c.c_int32),
        ("hwhm_status", c.c_int32),
    ]


class bnsl_saxs_series_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("flux_scale", c.c_int32),
        ("detect_sigma", c.c_double),
        ("fraction_present", c.c_double),
        ("swelling", c.c_double),
        ("shrinking", c.c_double),
    ]


class bnsl_saxs_frame(c.Structure):
    _fields_ = [
        ("time", c.c_double),
        ("chi2_reduced", c.c_double),
        ("significance", c.c_double),
        ("flux", c.c_double),
        ("flux_err", c.c_double),
        ("present", c.c_int32),
        ("converged", c.c_int32),
        ("rescued", c.c_int32),
        ("n_iterations", c.c_int32),
    ]


class bnsl_saxs_image_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("reserved", c.c_int32),
        ("d_min", c.c_double),
        ("d_max", c.c_double),
    ]


class bnsl_saxs_image_result(c.Structure):
    _fields_ = [
        ("distance", c.c_double),
        ("distance_err", c.c_double),
        ("g", c.c_double),
        ("g_err", c.c_double),
        ("contrast", c.c_double),
        ("sixfold", c.c_double),
        ("orientation", c.c_double),
        ("n_pieces", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_peaks_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("reserved", c.c_int32),
        ("min_significance", c.c_double),
        ("min_prominence", c.c_double),
    ]


class bnsl_saxs_found_peak(c.Structure):
    _fields_ = [
        ("q", c.c_double),
        ("q_err", c.c_double),
        ("height", c.c_double),
        ("prominence", c.c_double),
        ("significance", c.c_double),
    ]


class bnsl_saxs_index_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("reserved", c.c_int32),
        ("tolerance", c.c_double),
        ("c_over_a_range", c.c_double),
        ("a_min", c.c_double),
        ("a_max", c.c_double),
        ("f_small", c.c_double),
    ]


class bnsl_saxs_index_candidate(c.Structure):
    _fields_ = [
        ("prototype", c.c_int32),
        ("n_explained", c.c_int32),
        ("n_unexplained", c.c_int32),
        ("n_missing", c.c_int32),
        ("n_possible", c.c_int32),
        ("reserved", c.c_int32),
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("c_over_a", c.c_double),
        ("c_over_a_err", c.c_double),
        ("rms", c.c_double),
        ("figure_of_merit", c.c_double),
        ("score", c.c_double),
    ]


class bnsl_saxs_index_line(c.Structure):
    _fields_ = [
        ("explained", c.c_int32),
        ("h", c.c_int32),
        ("k", c.c_int32),
        ("l", c.c_int32),
        ("q", c.c_double),
        ("residual", c.c_double),
    ]


class bnsl_free_energy_solid_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("method", c.c_int32),
        ("constraint", c.c_int32),
        ("hard_spheres", c.c_int32),
        ("cell", c.c_int32),
        ("n_nodes", c.c_int32),
        ("n_replicas", c.c_int32),
        ("num_threads", c.c_int32),
        ("instruction_set", c.c_int32),
        ("tail", c.c_int32),
        ("n_sweeps", c.c_int64),
        ("n_equilibrate", c.c_int64),
        ("n_cells", c.c_int64),
        ("fixed_particle", c.c_int64),
        ("kT", c.c_double),
        ("spring", c.c_double),
        ("max_spring_factor", c.c_double),
        ("seed", c.c_uint64),
    ]


class bnsl_free_energy_solid_result(c.Structure):
    _fields_ = [
        ("n", c.c_int64),
        ("n_cells", c.c_int64),
        ("density", c.c_double),
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("a0", c.c_double),
        ("u_lattice", c.c_double),
        ("da1", c.c_double),
        ("da1_err", c.c_double),
        ("da2", c.c_double),
        ("da2_err", c.c_double),
        ("p", c.c_double),
        ("p_err", c.c_double),
        ("z", c.c_double),
        ("z_err", c.c_double),
        ("u", c.c_double),
        ("u_err", c.c_double),
        ("p_xx", c.c_double),
        ("p_yy", c.c_double),
        ("p_zz", c.c_double),
        ("p_aniso_err", c.c_double),
        ("u_tail", c.c_double),
        ("p_tail", c.c_double),
        ("ln_exp", c.c_double),
        ("stretch", c.c_double),
        ("stretch_err", c.c_double),
        ("spring_max", c.c_double),
        ("lindemann", c.c_double),
        ("correlation_sweeps", c.c_double),
        ("weak_share", c.c_double),
        ("overlap", c.c_double),
        ("n_moves", c.c_int64),
        ("n_nodes", c.c_int32),
        ("flags", c.c_int32),
        ("box", bnsl_box),
    ]


class bnsl_free_energy_ramp_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("directions", c.c_int32),
        ("dt", c.c_double),
        ("friction", c.c_double),
        ("n_equilibrate", c.c_int64),
        ("n_steps", c.c_int64),
        ("sample_every", c.c_int64),
        ("ipl_prefactor", c.c_double),
        ("seed", c.c_uint64),
        ("lowest_z", c.c_double),
        ("relax_z", c.c_int32),
        ("reserved", c.c_int32),
        ("highest_clumping", c.c_double),
    ]


class bnsl_free_energy_node(c.Structure):
    _fields_ = [
        ("coupling", c.c_double),
        ("well_depth", c.c_double),
        ("slope", c.c_double),
        ("slope_err", c.c_double),
        ("energy", c.c_double),
        ("energy_err", c.c_double),
        ("z", c.c_double),
        ("z_err", c.c_double),
        ("stress", c.c_double * 3),
        ("stretch", c.c_double),
        ("shape_work", c.c_double),
        ("hysteresis", c.c_double),
        ("clumping", c.c_double),
    ]


class bnsl_free_energy_fluid_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("n_densities", c.c_int32),
        ("num_threads", c.c_int32),
        ("reserved", c.c_int32),
        ("n_steps", c.c_int64),
        ("n_equilibrate", c.c_int64),
        ("dt", c.c_double),
        ("ipl_prefactor", c.c_double),
        ("seed", c.c_uint64),
    ]


class bnsl_free_energy_fluid_result(c.Structure):
    _fields_ = [
        ("n", c.c_int64),
        ("density", c.c_double),
        ("well_depth", c.c_double),
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("ideal", c.c_double),
        ("mixing", c.c_double),
        ("density_part", c.c_double),
        ("density_part_err", c.c_double),
        ("coupling_part", c.c_double),
        ("coupling_part_err", c.c_double),
        ("depth_part", c.c_double),
        ("depth_part_err", c.c_double),
        ("dissipation", c.c_double),
        ("b2", c.c_double),
        ("z", c.c_double),
        ("z_err", c.c_double),
        ("pressure", c.c_double),
        ("pressure_err", c.c_double),
        ("u", c.c_double),
        ("u_err", c.c_double),
        ("clumping", c.c_double),
        ("flags", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_free_energy_exchange_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("n_windows", c.c_int32),
        ("n_swap", c.c_int32),
        ("num_threads", c.c_int32),
        ("n_steps", c.c_int64),
        ("n_equilibrate", c.c_int64),
        ("dt", c.c_double),
        ("ipl_prefactor", c.c_double),
        ("seed", c.c_uint64),
    ]


class bnsl_free_energy_datum(c.Structure):
    _fields_ = [
        ("kind", c.c_int32),
        ("reserved", c.c_int32),
        ("density", c.c_double),
        ("well_depth", c.c_double),
        ("value", c.c_double),
        ("error", c.c_double),
    ]


class bnsl_free_energy_surface_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("n_density", c.c_int32),
        ("n_depth", c.c_int32),
        ("n_species", c.c_int32),
        ("virial", c.c_int32),
        ("reserved", c.c_int32),
        ("coupling", c.c_double),
        ("ipl_prefactor", c.c_double),
    ]


class bnsl_free_energy_state(c.Structure):
    _fields_ = [
        ("density", c.c_double),
        ("well_depth", c.c_double),
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("pressure", c.c_double),
        ("pressure_err", c.c_double),
        ("mu", c.c_double),
        ("mu_err", c.c_double),
        ("u", c.c_double),
        ("u_err", c.c_double),
        ("stiffness", c.c_double),
    ]


class bnsl_free_energy_coexistence(c.Structure):
    _fields_ = [
        ("density", c.c_double * 2),
        ("density_err", c.c_double * 2),
        ("pressure", c.c_double),
        ("pressure_err", c.c_double),
        ("mu", c.c_double),
        ("mu_err", c.c_double),
    ]


class bnsl_free_energy_mixture_datum(c.Structure):
    _fields_ = [
        ("kind", c.c_int32),
        ("reserved", c.c_int32),
        ("density", c.c_double),
        ("fraction", c.c_double),
        ("well_depth", c.c_double),
        ("value", c.c_double),
        ("error", c.c_double),
    ]


class bnsl_free_energy_mixture_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("n_density", c.c_int32),
        ("n_depth", c.c_int32),
        ("n_fraction", c.c_int32),
        ("virial", c.c_int32),
        ("reserved", c.c_int32),
        ("ipl_prefactor", c.c_double),
    ]


class bnsl_free_energy_mixture_state(c.Structure):
    _fields_ = [
        ("density", c.c_double),
        ("fraction", c.c_double),
        ("well_depth", c.c_double),
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("pressure", c.c_double),
        ("pressure_err", c.c_double),
        ("mu", c.c_double * 2),
        ("mu_err", c.c_double * 2),
        ("stiffness", c.c_double),
        ("stability", c.c_double),
    ]


class bnsl_free_energy_fractionation(c.Structure):
    _fields_ = [
        ("density", c.c_double * 2),
        ("density_err", c.c_double * 2),
        ("fraction", c.c_double * 2),
        ("fraction_err", c.c_double * 2),
        ("pressure", c.c_double),
        ("pressure_err", c.c_double),
        ("mu", c.c_double * 2),
        ("mu_err", c.c_double * 2),
    ]


bnsl_progress_fn = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int64, c.c_int64)
bnsl_free_energy_phase_fn = c.CFUNCTYPE(None, c.c_void_p, c.c_double, P(c.c_double), P(c.c_double))
bnsl_free_energy_mixture_fn = c.CFUNCTYPE(None, c.c_void_p, c.c_double, c.c_double, P(c.c_double), P(c.c_double))
OPTIONS = (  # structs with a struct_size, each with its _init
    "bnsl_potential_options",
    "bnsl_lattice_options",
    "bnsl_neighbor_options",
    "bnsl_md_options",
    "bnsl_md_minimize_options",
    "bnsl_order_solid_options",
    "bnsl_order_classify_options",
    "bnsl_order_grains_options",
    "bnsl_order_nucleation_options",
    "bnsl_order_density_options",
    "bnsl_order_rdf_options",
    "bnsl_order_msd_options",
    "bnsl_order_diffusion_options",
    "bnsl_saxs_sq_options",
    "bnsl_saxs_particle",
    "bnsl_saxs_form_factor_options",
    "bnsl_saxs_dilute_options",
    "bnsl_saxs_pattern_options",
    "bnsl_saxs_phase_options",
    "bnsl_saxs_line_options",
    "bnsl_saxs_series_options",
    "bnsl_saxs_image_options",
    "bnsl_saxs_peaks_options",
    "bnsl_saxs_index_options",
    "bnsl_free_energy_solid_options",
    "bnsl_free_energy_ramp_options",
    "bnsl_free_energy_fluid_options",
    "bnsl_free_energy_exchange_options",
    "bnsl_free_energy_surface_options",
    "bnsl_free_energy_mixture_options",
)
FUNCTIONS: dict[str, tuple[Any, ...]] = {  # name: (result, names of the parameters, their types...)
    "bnsl_error_message": (c.c_char_p, ""),
    "bnsl_status_name": (c.c_char_p, "status", i32),
    "bnsl_status_text": (c.c_char_p, "status", i32),
    "bnsl_version_number": (c.c_int32, ""),
    "bnsl_version_string": (c.c_char_p, ""),
    "bnsl_has_feature": (c.c_int32, "name", c.c_char_p),
    "bnsl_cpu_isa": (c.c_int32, ""),
    "bnsl_control_create": (status, "out", P(P(bnsl_control))),
    "bnsl_control_destroy": (None, "control", P(bnsl_control)),
    "bnsl_control_set_progress": (status, "control fn user", P(bnsl_control), bnsl_progress_fn, c.c_void_p),
    "bnsl_control_cancel": (None, "control", P(bnsl_control)),
    "bnsl_control_reset": (None, "control", P(bnsl_control)),
    "bnsl_control_is_cancelled": (c.c_int32, "control", P(bnsl_control)),
    "bnsl_philox4x32": (None, "counter key out", in_u32, in_u32, out_u32),
    "bnsl_random_uniform": (status, "seed stream index step n out", u64, u32, u64, u64, i64, out_f64),
    "bnsl_random_normal": (status, "seed stream index step n out", u64, u32, u64, u64, i64, out_f64),
    "bnsl_parse_double": (status, "text length value_out used_out", c.c_char_p, i64, out_f64, out_i64),
    "bnsl_parse_int64": (status, "text length value_out used_out", c.c_char_p, i64, out_i64, out_i64),
    "bnsl_box_init": (status, "out lx ly lz xy xz yz", P(bnsl_box), f64, f64, f64, f64, f64, f64),
    "bnsl_box_validate": (status, "box", P(bnsl_box)),
    "bnsl_box_from_vectors": (status, "out vectors rotation_out", P(bnsl_box), in_f64, out_f64),
    "bnsl_box_vectors": (status, "box vectors_out", P(bnsl_box), out_f64),
    "bnsl_box_reciprocal": (status, "box vectors_out", P(bnsl_box), out_f64),
    "bnsl_box_volume": (status, "box volume_out", P(bnsl_box), out_f64),
    "bnsl_box_plane_distances": (status, "box distances_out", P(bnsl_box), out_f64),
    "bnsl_box_to_fractional": (status, "box n xyz fractional_out", P(bnsl_box), i64, in_f64, out_f64),
    "bnsl_box_to_cartesian": (status, "box n fractional xyz_out", P(bnsl_box), i64, in_f64, out_f64),
    "bnsl_box_wrap": (status, "box n xyz image_io", P(bnsl_box), i64, out_f64, out_i32),
    "bnsl_box_unwrap": (status, "box n xyz image xyz_out", P(bnsl_box), i64, in_f64, in_i32, out_f64),
    "bnsl_box_minimum_image": (status, "box n vectors_io", P(bnsl_box), i64, out_f64),
    "bnsl_potential_options_init": (status, "opts struct_size", P(bnsl_potential_options), size),
    "bnsl_potential_create": (status, "out n_species diameter opts", P(P(bnsl_potential)), i32, in_f64, P(bnsl_potential_options)),
    "bnsl_potential_destroy": (None, "potential", P(bnsl_potential)),
    "bnsl_potential_set_pair": (status, "potential a b opts", P(bnsl_potential), i32, i32, P(bnsl_potential_options)),
    "bnsl_potential_set_table": (status, "potential a b sigma r_min r_max n u force", P(bnsl_potential), i32, i32, f64, f64, f64, i32, in_f64, in_f64),
    "bnsl_potential_table": (status, "potential a b r_min_out r_max_out n_out u_out force_out", P(bnsl_potential), i32, i32, out_f64, out_f64, out_i32, P(P(c.c_double)), P(P(c.c_double))),
    "bnsl_potential_get_pair": (status, "potential a b opts_out", P(bnsl_potential), i32, i32, P(bnsl_potential_options)),
    "bnsl_potential_n_species": (c.c_int32, "potential", P(bnsl_potential)),
    "bnsl_potential_diameters": (status, "potential diameter_out", P(bnsl_potential), out_f64),
    "bnsl_potential_cutoffs": (status, "potential r_cut_out", P(bnsl_potential), out_f64),
    "bnsl_potential_evaluate": (status, "potential a b n r u_out force_out", P(bnsl_potential), i32, i32, i64, in_f64, out_f64, out_f64),
    "bnsl_potential_minimum": (status, "potential a b r_min_out u_min_out", P(bnsl_potential), i32, i32, out_f64, out_f64),
    "bnsl_potential_second_virial": (status, "potential a b kT b2_out", P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_second_virial_series": (status, "potential a b kT b2_out", P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_barker_henderson": (status, "potential a b kT split diameter_out", P(bnsl_potential), i32, i32, f64, i32, out_f64),
    "bnsl_potential_effective_range": (status, "potential a b kT range_out", P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_boyle_kT": (status, "potential a b kT_out", P(bnsl_potential), i32, i32, out_f64),
    "bnsl_potential_critical_kT": (status, "potential a b kT_out", P(bnsl_potential), i32, i32, out_f64),
    "bnsl_lattice_options_init": (status, "opts struct_size", P(bnsl_lattice_options), size),
    "bnsl_lattice_n_prototypes": (c.c_int32, ""),
    "bnsl_lattice_prototype_name": (c.c_char_p, "i", i32),
    "bnsl_lattice_create": (status, "out name opts", P(P(bnsl_lattice)), c.c_char_p, P(bnsl_lattice_options)),
    "bnsl_lattice_destroy": (None, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_name": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_space_group": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_aliases": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_strukturbericht": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_pearson_symbol": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_source": (c.c_char_p, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_system": (c.c_int32, "lattice", P(bnsl_lattice)),
    "bnsl_lattice_parameters": (status, "lattice x_out y_out z_out", P(bnsl_lattice), out_f64, out_f64, out_f64),
    "bnsl_lattice_constants": (status, "lattice a_out c_out cell_volume_out", P(bnsl_lattice), out_f64, out_f64, out_f64),
    "bnsl_lattice_sites": (status, "lattice n_large_out n_small_out", P(bnsl_lattice), out_i32, out_i32),
    "bnsl_lattice_site": (status, "lattice i x_out species_out", P(bnsl_lattice), i32, out_f64, out_i32),
    "bnsl_lattice_site_wyckoff": (c.c_char_p, "lattice i", P(bnsl_lattice), i32),
    "bnsl_lattice_primitive_cells": (status, "lattice n_cells_out", P(bnsl_lattice), out_i32),
    "bnsl_lattice_bond_lengths": (status, "lattice source b_ll_out b_ls_out b_ss_out", P(bnsl_lattice), i32, out_f64, out_f64, out_f64),
    "bnsl_lattice_volume_fraction": (status, "lattice d_large d_small fraction_out", P(bnsl_lattice), f64, f64, out_f64),
    "bnsl_lattice_densest_packing": (status, "lattice d_large d_small relax packing_out", P(bnsl_lattice), f64, f64, i32, P(bnsl_lattice_packing)),
    "bnsl_lattice_supercell": (status, "lattice cell nx ny nz capacity n_out box_out xyz_out species_out", P(bnsl_lattice), i32, i32, i32, i32, i64, out_i64, P(bnsl_box), out_f64, out_i32),
    "bnsl_lattice_sphere": (status, "lattice radius capacity n_out xyz_out species_out", P(bnsl_lattice), f64, i64, out_i64, out_f64, out_i32),
    "bnsl_lattice_reflections": (status, "lattice q_max include_absent capacity n_out reflections_out", P(bnsl_lattice), f64, i32, i64, out_i64, P(bnsl_reflection)),
    "bnsl_neighbor_options_init": (status, "opts struct_size", P(bnsl_neighbor_options), size),
    "bnsl_neighbor_create": (status, "out opts", P(P(bnsl_neighbor_list)), P(bnsl_neighbor_options)),
    "bnsl_neighbor_destroy": (None, "list", P(bnsl_neighbor_list)),
    "bnsl_neighbor_set_pair_cutoffs": (status, "list n_species r_max", P(bnsl_neighbor_list), i32, in_f64),
    "bnsl_neighbor_set_additive_cutoff": (status, "list factor skin", P(bnsl_neighbor_list), f64, f64),
    "bnsl_neighbor_build": (status, "list box n xyz species diameter", P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, in_i32, in_f64),
    "bnsl_neighbor_build_between": (status, "list box n_query query_xyz query_species query_diameter n xyz species diameter", P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, in_i32, in_f64, i64, in_f64, in_i32, in_f64),
    "bnsl_neighbor_set_bonds": (status, "list n_query n_points n_bonds query point vector order_out", P(bnsl_neighbor_list), i64, i64, i64, in_i32, in_i32, in_f64, out_i64),
    "bnsl_neighbor_set_pairs": (status, "list box n_query query_xyz n xyz n_bonds query point order_out", P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, i64, in_f64, i64, in_i32, in_i32, out_i64),
    "bnsl_neighbor_is_half": (c.c_int32, "list", P(bnsl_neighbor_list)),
    "bnsl_neighbor_n_bonds": (c.c_int64, "list", P(bnsl_neighbor_list)),
    "bnsl_neighbor_n_query": (c.c_int64, "list", P(bnsl_neighbor_list)),
    "bnsl_neighbor_counts": (status, "list count_out", P(bnsl_neighbor_list), out_i64),
    "bnsl_neighbor_view": (status, "list offset_out index_out vector_out distance_out", P(bnsl_neighbor_list), P(P(c.c_int64)), P(P(c.c_int32)), P(P(c.c_double)), P(P(c.c_double))),
    "bnsl_md_options_init": (status, "opts struct_size", P(bnsl_md_options), size),
    "bnsl_md_create": (status, "out box n xyz species potential opts", P(P(bnsl_md)), P(bnsl_box), i64, in_f64, in_i32, P(bnsl_potential), P(bnsl_md_options)),
    "bnsl_md_destroy": (None, "md", P(bnsl_md)),
    "bnsl_md_thermalize": (status, "md kT remove_drift", P(bnsl_md), f64, i32),
    "bnsl_md_set_velocities": (status, "md velocity", P(bnsl_md), in_f64),
    "bnsl_md_set_frozen": (status, "md frozen", P(bnsl_md), in_i32),
    "bnsl_md_set_diameters": (status, "md diameter", P(bnsl_md), in_f64),
    "bnsl_md_diameters": (status, "md diameter_out", P(bnsl_md), out_f64),
    "bnsl_md_set_potential": (status, "md potential", P(bnsl_md), P(bnsl_potential)),
    "bnsl_md_energy_with": (status, "md potential energy_out", P(bnsl_md), P(bnsl_potential), out_f64),
    "bnsl_md_set_wall": (status, "md kind size epsilon", P(bnsl_md), i32, f64, f64),
    "bnsl_md_wall": (status, "md kind_out size_out", P(bnsl_md), out_i32, out_f64),
    "bnsl_md_set_dt": (status, "md dt", P(bnsl_md), f64),
    "bnsl_md_set_step": (status, "md step", P(bnsl_md), i64),
    "bnsl_md_set_packing_schedule": (status, "md n_points step packing_fraction", P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_set_kT_schedule": (status, "md n_points step kT", P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_set_pressure_schedule": (status, "md n_points step pressure", P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_run": (status, "md n_steps control", P(bnsl_md), i64, P(bnsl_control)),
    "bnsl_md_minimize_options_init": (status, "opts struct_size", P(bnsl_md_minimize_options), size),
    "bnsl_md_minimize": (status, "md opts control n_steps_out", P(bnsl_md), P(bnsl_md_minimize_options), P(bnsl_control), out_i64),
    "bnsl_md_thermo_now": (status, "md out", P(bnsl_md), P(bnsl_md_thermo)),
    "bnsl_md_statistics_now": (status, "md out", P(bnsl_md), P(bnsl_md_statistics)),
    "bnsl_md_n": (c.c_int64, "md", P(bnsl_md)),
    "bnsl_md_box": (status, "md out", P(bnsl_md), P(bnsl_box)),
    "bnsl_md_positions": (status, "md xyz_out image_out", P(bnsl_md), out_f64, out_i32),
    "bnsl_md_velocities": (status, "md velocity_out", P(bnsl_md), out_f64),
    "bnsl_md_forces": (status, "md force_out", P(bnsl_md), out_f64),
    "bnsl_md_species": (status, "md species_out", P(bnsl_md), out_i32),
    "bnsl_md_checkpoint_write": (status, "md path", P(bnsl_md), c.c_char_p),
    "bnsl_md_checkpoint_read": (status, "out path num_threads instruction_set", P(P(bnsl_md)), c.c_char_p, i32, i32),
    "bnsl_md_random_start": (status, "box n diameter n_fixed seed num_threads xyz_io control", P(bnsl_box), i64, in_f64, i64, u64, i32, out_f64, P(bnsl_control)),
    "bnsl_md_random_start_confined": (status, "box wall size n diameter n_fixed seed num_threads xyz_io control", P(bnsl_box), i32, f64, i64, in_f64, i64, u64, i32, out_f64, P(bnsl_control)),
    "bnsl_md_polydisperse": (status, "n species n_species mean relative_sd n_bins seed diameter_out", i64, in_i32, i32, in_f64, in_f64, i32, u64, out_f64),
    "bnsl_md_pair_forces": (status, "list potential n species displacement num_threads force_out energy_out virial_out", P(bnsl_neighbor_list), P(bnsl_potential), i64, in_i32, in_f64, i32, out_f64, out_f64, out_f64),
    "bnsl_order_steinhardt": (status, "list n_l l num_threads q_out w_out n_unbound_out", P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_steinhardt_averaged": (status, "list average n_l l num_threads q_out w_out n_unbound_out", P(bnsl_neighbor_list), P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_steinhardt_weighted": (status, "list weight average n_l l num_threads q_out w_out w_raw_out n_unbound_out", P(bnsl_neighbor_list), in_f64, P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_f64, out_i64),
    "bnsl_order_harmonics": (status, "list weight l num_threads qlm_out n_unbound_out", P(bnsl_neighbor_list), in_f64, i32, i32, out_f64, out_i64),
    "bnsl_order_connections": (status, "list pairs l normalised num_threads d_out n_undefined_out", P(bnsl_neighbor_list), P(bnsl_neighbor_list), i32, i32, i32, out_f64, out_i64),
    "bnsl_order_solid_options_init": (status, "opts struct_size", P(bnsl_order_solid_options), size),
    "bnsl_order_solid": (status, "list pairs opts solid_out n_connections_out cluster_out n_clusters_out size_out", P(bnsl_neighbor_list), P(bnsl_neighbor_list), P(bnsl_order_solid_options), out_i32, out_i32, out_i32, out_i64, out_i64),
    "bnsl_order_classify_options_init": (status, "opts struct_size", P(bnsl_order_classify_options), size),
    "bnsl_order_classify": (status, "box n xyz species opts phase_out", P(bnsl_box), i64, in_f64, in_i32, P(bnsl_order_classify_options), out_i32),
    "bnsl_order_clusters": (status, "list selected cluster_out n_clusters_out size_out", P(bnsl_neighbor_list), in_i32, out_i32, out_i64, out_i64),
    "bnsl_order_crystal_clusters": (status, "box n xyz species phase num_threads cluster_out n_clusters_out size_out", P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_i64, out_i64),
    "bnsl_order_surface": (status, "box n xyz species phase num_threads region_out count_out", P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_i64),
    "bnsl_order_grains_options_init": (status, "opts struct_size", P(bnsl_order_grains_options), size),
    "bnsl_order_grains": (status, "box n xyz species phase opts grain_out n_grains_out size_out phase_out", P(bnsl_box), i64, in_f64, in_i32, in_i32, P(bnsl_order_grains_options), out_i32, out_i64, out_i64, out_i32),
    "bnsl_order_confirm": (status, "box n xyz species phase num_threads confirmed_out value_out", P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_f64),
    "bnsl_order_nucleation_options_init": (status, "opts struct_size", P(bnsl_order_nucleation_options), size),
    "bnsl_order_nucleation_create": (status, "out opts", P(P(bnsl_order_nucleation)), P(bnsl_order_nucleation_options)),
    "bnsl_order_nucleation_destroy": (None, "readout", P(bnsl_order_nucleation)),
    "bnsl_order_nucleation_set_wall": (status, "readout kind axis center size", P(bnsl_order_nucleation), i32, i32, in_f64, f64),
    "bnsl_order_nucleation_add": (status, "readout box n xyz species phase step time", P(bnsl_order_nucleation), P(bnsl_box), i64, in_f64, in_i32, in_i32, i64, f64),
    "bnsl_order_nucleation_n_frames": (c.c_int64, "readout", P(bnsl_order_nucleation)),
    "bnsl_order_nucleation_frame_at": (status, "readout i out", P(bnsl_order_nucleation), i64, P(bnsl_order_nucleation_frame)),
    "bnsl_order_nucleation_summarize": (status, "readout out", P(bnsl_order_nucleation), P(bnsl_order_nucleation_summary)),
    "bnsl_order_density_options_init": (status, "opts struct_size", P(bnsl_order_density_options), size),
    "bnsl_order_local_density": (status, "box n xyz species opts density_out neighbors_out", P(bnsl_box), i64, in_f64, in_i32, P(bnsl_order_density_options), out_f64, out_f64),
    "bnsl_order_local_density_of_list": (status, "list opts density_out neighbors_out", P(bnsl_neighbor_list), P(bnsl_order_density_options), out_f64, out_f64),
    "bnsl_order_density_threshold": (c.c_double, "phase", i32),
    "bnsl_order_rdf_options_init": (status, "opts struct_size", P(bnsl_order_rdf_options), size),
    "bnsl_order_rdf_create": (status, "out opts", P(P(bnsl_order_rdf)), P(bnsl_order_rdf_options)),
    "bnsl_order_rdf_destroy": (None, "rdf", P(bnsl_order_rdf)),
    "bnsl_order_rdf_add": (status, "rdf box n xyz species control", P(bnsl_order_rdf), P(bnsl_box), i64, in_f64, in_i32, P(bnsl_control)),
    "bnsl_order_rdf_bins": (status, "rdf centre_out edge_out", P(bnsl_order_rdf), out_f64, out_f64),
    "bnsl_order_rdf_read": (status, "rdf species_a species_b g_out n_r_out n_frames_out", P(bnsl_order_rdf), i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_msd_options_init": (status, "opts struct_size", P(bnsl_order_msd_options), size),
    "bnsl_order_msd_create": (status, "out opts", P(P(bnsl_order_msd)), P(bnsl_order_msd_options)),
    "bnsl_order_msd_destroy": (None, "msd", P(bnsl_order_msd)),
    "bnsl_order_msd_add": (status, "msd box n xyz image species", P(bnsl_order_msd), P(bnsl_box), i64, in_f64, in_i32, in_i32),
    "bnsl_order_msd_n_frames": (c.c_int64, "msd", P(bnsl_order_msd)),
    "bnsl_order_msd_n_columns": (c.c_int32, "msd", P(bnsl_order_msd)),
    "bnsl_order_msd_window": (status, "msd first count msd_out control", P(bnsl_order_msd), i64, i64, out_f64, P(bnsl_control)),
    "bnsl_order_msd_direct": (status, "msd first count msd_out", P(bnsl_order_msd), i64, i64, out_f64),
    "bnsl_order_diffusion_options_init": (status, "opts struct_size", P(bnsl_order_diffusion_options), size),
    "bnsl_order_diffusion": (status, "msd opts d_out d_err_out intercept_out control", P(bnsl_order_msd), P(bnsl_order_diffusion_options), out_f64, out_f64, out_f64, P(bnsl_control)),
    "bnsl_saxs_sq_options_init": (status, "opts struct_size", P(bnsl_saxs_sq_options), size),
    "bnsl_saxs_sq_method": (status, "box n method method_out", P(bnsl_box), i64, i32, out_i32),
    "bnsl_saxs_structure_factor": (status, "box n xyz species n_species opts q_out s_out partial_out n_k_out control", P(bnsl_box), i64, in_f64, in_i32, i32, P(bnsl_saxs_sq_options), out_f64, out_f64, out_f64, out_i64, P(bnsl_control)),
    "bnsl_saxs_sq_intensity": (status, "n_q n_species share partial f f2 i_out", i64, i32, in_f64, in_f64, in_f64, in_f64, out_f64),
    "bnsl_saxs_particle_init": (status, "particle struct_size", P(bnsl_saxs_particle), size),
    "bnsl_saxs_particle_form_factor": (status, "particle n q f_out f2_out beta_out", P(bnsl_saxs_particle), i64, in_f64, out_f64, out_f64, out_f64),
    "bnsl_saxs_particle_moment": (status, "particle order moment_out", P(bnsl_saxs_particle), i32, out_f64),
    "bnsl_saxs_particle_volume": (status, "particle volume_out", P(bnsl_saxs_particle), out_f64),
    "bnsl_saxs_form_factor": (status, "distribution radius sigma n q f_out f2_out", i32, f64, f64, i64, in_f64, out_f64, out_f64),
    "bnsl_saxs_form_factor_options_init": (status, "opts struct_size", P(bnsl_saxs_form_factor_options), size),
    "bnsl_saxs_fit_form_factor": (status, "n q intensity error opts result_out", i64, in_f64, in_f64, in_f64, P(bnsl_saxs_form_factor_options), P(bnsl_saxs_form_factor_result)),
    "bnsl_saxs_dilute_options_init": (status, "opts struct_size", P(bnsl_saxs_dilute_options), size),
    "bnsl_saxs_dilute_create": (status, "out opts", P(P(bnsl_saxs_dilute)), P(bnsl_saxs_dilute_options)),
    "bnsl_saxs_dilute_destroy": (None, "model", P(bnsl_saxs_dilute)),
    "bnsl_saxs_dilute_add": (status, "model particle", P(bnsl_saxs_dilute), P(bnsl_saxs_particle)),
    "bnsl_saxs_dilute_fix": (status, "model population parameter value", P(bnsl_saxs_dilute), i32, i32, f64),
    "bnsl_saxs_dilute_free": (status, "model population parameter start low high", P(bnsl_saxs_dilute), i32, i32, f64, f64, f64),
    "bnsl_saxs_dilute_fit": (status, "model n q intensity error control", P(bnsl_saxs_dilute), i64, in_f64, in_f64, in_f64, P(bnsl_control)),
    "bnsl_saxs_dilute_parameter": (status, "model population parameter out", P(bnsl_saxs_dilute), i32, i32, P(bnsl_saxs_parameter)),
    "bnsl_saxs_dilute_covariance": (status, "model population_a parameter_a population_b parameter_b out", P(bnsl_saxs_dilute), i32, i32, i32, i32, out_f64),
    "bnsl_saxs_dilute_particle": (status, "model population out", P(bnsl_saxs_dilute), i32, P(bnsl_saxs_particle)),
    "bnsl_saxs_dilute_quality": (status, "model chi2_reduced_out n_points_out n_free_out converged_out n_iterations_out", P(bnsl_saxs_dilute), out_f64, out_i64, out_i32, out_i32, out_i32),
    "bnsl_saxs_dilute_model": (status, "model population n q intensity_out", P(bnsl_saxs_dilute), i32, i64, in_f64, out_f64),
    "bnsl_saxs_pattern_options_init": (status, "opts struct_size", P(bnsl_saxs_pattern_options), size),
    "bnsl_saxs_phase_options_init": (status, "opts struct_size", P(bnsl_saxs_phase_options), size),
    "bnsl_saxs_pattern_create": (status, "out opts", P(P(bnsl_saxs_pattern)), P(bnsl_saxs_pattern_options)),
    "bnsl_saxs_pattern_destroy": (None, "pattern", P(bnsl_saxs_pattern)),
    "bnsl_saxs_pattern_add_phase": (status, "pattern lattice opts", P(bnsl_saxs_pattern), P(bnsl_lattice), P(bnsl_saxs_phase_options)),
    "bnsl_saxs_pattern_fit": (status, "pattern n q s error control", P(bnsl_saxs_pattern), i64, in_f64, in_f64, in_f64, P(bnsl_control)),
    "bnsl_saxs_pattern_refit": (status, "pattern n q s error control", P(bnsl_saxs_pattern), i64, in_f64, in_f64, in_f64, P(bnsl_control)),
    "bnsl_saxs_pattern_n_phases": (c.c_int32, "pattern", P(bnsl_saxs_pattern)),
    "bnsl_saxs_pattern_phase": (status, "pattern phase out", P(bnsl_saxs_pattern), i32, P(bnsl_saxs_phase)),
    "bnsl_saxs_pattern_peak": (status, "pattern phase i out", P(bnsl_saxs_pattern), i32, i32, P(bnsl_saxs_peak)),
    "bnsl_saxs_pattern_fluid": (status, "pattern out", P(bnsl_saxs_pattern), P(bnsl_saxs_fluid)),
    "bnsl_saxs_pattern_quality": (status, "pattern chi2_reduced_out converged_out n_iterations_out", P(bnsl_saxs_pattern), out_f64, out_i32, out_i32),
    "bnsl_saxs_pattern_model": (status, "pattern n q s_out background_out", P(bnsl_saxs_pattern), i64, in_f64, out_f64, out_f64),
    "bnsl_saxs_pattern_geometry": (status, "pattern phase bonds out", P(bnsl_saxs_pattern), i32, i32, P(bnsl_saxs_geometry)),
    "bnsl_saxs_pattern_relative_fraction": (status, "pattern phase reference reference_phase reference_fraction fraction_out fraction_err_out", P(bnsl_saxs_pattern), i32, P(bnsl_saxs_pattern), i32, f64, out_f64, out_f64),
    "bnsl_saxs_line_options_init": (status, "opts struct_size", P(bnsl_saxs_line_options), size),
    "bnsl_saxs_fit_line": (status, "n q s error q_start opts out", i64, in_f64, in_f64, in_f64, f64, P(bnsl_saxs_line_options), P(bnsl_saxs_line)),
    "bnsl_saxs_scherrer": (status, "hwhm line_shape convention k xi_out", f64, i32, i32, f64, out_f64),
    "bnsl_saxs_normalise": (status, "n_frames n_q intensity error n_reference s_out s_err_out common_out n_bad_out", i64, i64, in_f64, in_f64, i64, out_f64, out_f64, out_f64, out_i64),
    "bnsl_saxs_series_options_init": (status, "opts struct_size", P(bnsl_saxs_series_options), size),
    "bnsl_saxs_series_create": (status, "out model opts n_q q", P(P(bnsl_saxs_series)), P(bnsl_saxs_pattern), P(bnsl_saxs_series_options), i64, in_f64),
    "bnsl_saxs_series_destroy": (None, "series", P(bnsl_saxs_series)),
    "bnsl_saxs_series_anchor": (status, "series s error keep_c_over_a control", P(bnsl_saxs_series), in_f64, in_f64, i32, P(bnsl_control)),
    "bnsl_saxs_series_add": (status, "series time s error control", P(bnsl_saxs_series), f64, in_f64, in_f64, P(bnsl_control)),
    "bnsl_saxs_series_n_frames": (c.c_int64, "series", P(bnsl_saxs_series)),
    "bnsl_saxs_series_frame": (status, "series frame out", P(bnsl_saxs_series), i64, P(bnsl_saxs_frame)),
    "bnsl_saxs_series_pattern": (P(bnsl_saxs_pattern), "series frame", P(bnsl_saxs_series), i64),
    "bnsl_saxs_series_nucleation": (status, "series phase time_out time_err_out", P(bnsl_saxs_series), i32, out_f64, out_f64),
    "bnsl_saxs_series_save": (status, "series capacity buffer size_out", P(bnsl_saxs_series), i64, c.c_void_p, out_i64),
    "bnsl_saxs_series_restore": (status, "series size buffer", P(bnsl_saxs_series), i64, c.c_void_p),
    "bnsl_saxs_image_options_init": (status, "opts struct_size", P(bnsl_saxs_image_options), size),
    "bnsl_saxs_image_spacing": (status, "width height stride image pixel opts result_out", i32, i32, i64, in_f64, f64, P(bnsl_saxs_image_options), P(bnsl_saxs_image_result)),
    "bnsl_saxs_image_spectrum": (status, "width height stride image k_max n power_out", i32, i32, i64, in_f64, f64, i32, out_f64),
    "bnsl_saxs_peaks_options_init": (status, "opts struct_size", P(bnsl_saxs_peaks_options), size),
    "bnsl_saxs_find_peaks": (status, "n q s error opts capacity n_out peaks_out", i64, in_f64, in_f64, in_f64, P(bnsl_saxs_peaks_options), i64, out_i64, P(bnsl_saxs_found_peak)),
    "bnsl_saxs_index_options_init": (status, "opts struct_size", P(bnsl_saxs_index_options), size),
    "bnsl_saxs_index": (status, "n_peaks q q_err opts capacity n_out candidates_out", i32, in_f64, in_f64, P(bnsl_saxs_index_options), i32, out_i32, P(bnsl_saxs_index_candidate)),
    "bnsl_saxs_index_lines": (status, "candidate n_peaks q q_err opts lines_out", P(bnsl_saxs_index_candidate), i32, in_f64, in_f64, P(bnsl_saxs_index_options), P(bnsl_saxs_index_line)),
    "bnsl_io_frame_create": (status, "out", P(P(bnsl_io_frame))),
    "bnsl_io_frame_destroy": (None, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_set": (status, "frame box step n xyz type_index types", P(bnsl_io_frame), P(bnsl_box), i64, i64, in_f64, in_i32, c.c_char_p),
    "bnsl_io_frame_rename_types": (status, "frame types", P(bnsl_io_frame), c.c_char_p),
    "bnsl_io_frame_set_array": (status, "frame name columns values", P(bnsl_io_frame), c.c_char_p, i32, in_f64),
    "bnsl_io_frame_set_scalar": (status, "frame name value", P(bnsl_io_frame), c.c_char_p, f64),
    "bnsl_io_frame_n": (c.c_int64, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_step": (c.c_int64, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_box": (status, "frame out", P(bnsl_io_frame), P(bnsl_box)),
    "bnsl_io_frame_n_types": (c.c_int32, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_type_name": (c.c_char_p, "frame i", P(bnsl_io_frame), i32),
    "bnsl_io_frame_type_index_view": (P(c.c_int32), "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_array_view": (status, "frame name columns_out values_out", P(bnsl_io_frame), c.c_char_p, out_i32, P(P(c.c_double))),
    "bnsl_io_frame_n_arrays": (c.c_int32, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_array_name": (c.c_char_p, "frame i", P(bnsl_io_frame), i32),
    "bnsl_io_frame_scalar": (status, "frame name value_out", P(bnsl_io_frame), c.c_char_p, out_f64),
    "bnsl_io_frame_n_scalars": (c.c_int32, "frame", P(bnsl_io_frame)),
    "bnsl_io_frame_scalar_name": (c.c_char_p, "frame i", P(bnsl_io_frame), i32),
    "bnsl_io_reader_open": (status, "out path format", P(P(bnsl_io_reader)), c.c_char_p, i32),
    "bnsl_io_reader_close": (None, "reader", P(bnsl_io_reader)),
    "bnsl_io_reader_n_frames": (c.c_int64, "reader", P(bnsl_io_reader)),
    "bnsl_io_reader_read": (status, "reader i frame_out", P(bnsl_io_reader), i64, P(bnsl_io_frame)),
    "bnsl_io_writer_create": (status, "out path format overwrite", P(P(bnsl_io_writer)), c.c_char_p, i32, i32),
    "bnsl_io_writer_continue": (status, "out path format n_keep", P(P(bnsl_io_writer)), c.c_char_p, i32, i64),
    "bnsl_io_writer_append": (status, "writer frame", P(bnsl_io_writer), P(bnsl_io_frame)),
    "bnsl_io_writer_commit": (status, "writer", P(bnsl_io_writer)),
    "bnsl_io_writer_close": (status, "writer", P(bnsl_io_writer)),
    "bnsl_io_writer_abandon": (None, "writer", P(bnsl_io_writer)),
    "bnsl_io_table_write": (status, "path header n_rows n_columns values overwrite", c.c_char_p, c.c_char_p, i64, i32, in_f64, i32),
    "bnsl_io_table_read": (status, "out path", P(P(bnsl_io_table)), c.c_char_p),
    "bnsl_io_table_destroy": (None, "table", P(bnsl_io_table)),
    "bnsl_io_table_view": (status, "table n_rows_out n_columns_out values_out", P(bnsl_io_table), out_i64, out_i32, P(P(c.c_double))),
    "bnsl_io_table_header": (c.c_char_p, "table", P(bnsl_io_table)),
    "bnsl_io_curve_read": (status, "out path unit", P(P(bnsl_io_curve)), c.c_char_p, i32),
    "bnsl_io_curve_read_entry": (status, "out path unit entry", P(P(bnsl_io_curve)), c.c_char_p, i32, i32),
    "bnsl_io_curve_n_entries": (c.c_int64, "curve", P(bnsl_io_curve)),
    "bnsl_io_curve_name": (c.c_char_p, "curve", P(bnsl_io_curve)),
    "bnsl_io_curve_write": (status, "path n q intensity sigma sigma_q overwrite", c.c_char_p, i64, in_f64, in_f64, in_f64, in_f64, i32),
    "bnsl_io_curve_destroy": (None, "curve", P(bnsl_io_curve)),
    "bnsl_io_curve_view": (status, "curve n_out q_out intensity_out sigma_out sigma_q_out n_skipped_out", P(bnsl_io_curve), out_i64, P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), out_i64),
    "bnsl_io_series_read": (status, "out path errors_path unit", P(P(bnsl_io_series)), c.c_char_p, c.c_char_p, i32),
    "bnsl_io_series_destroy": (None, "series", P(bnsl_io_series)),
    "bnsl_io_series_view": (status, "series n_frames_out n_q_out time_out q_out intensity_out sigma_out n_skipped_out", P(bnsl_io_series), out_i64, out_i64, P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), out_i64),
    "bnsl_io_series_write": (status, "path n_frames time n_q q values overwrite", c.c_char_p, i64, in_f64, i64, in_f64, in_f64, i32),
    "bnsl_free_energy_supercell": (status, "lattice density c_over_a n_wanted capacity n_out box_out xyz_out species_out", P(bnsl_lattice), f64, f64, i64, i64, out_i64, P(bnsl_box), out_f64, out_i32),
    "bnsl_free_energy_primitive_cells": (status, "box n xyz species n_cells_out", P(bnsl_box), i64, in_f64, in_i32, out_i64),
    "bnsl_free_energy_lattice_energy": (status, "box n xyz species potential tail u_out p_out", P(bnsl_box), i64, in_f64, in_i32, P(bnsl_potential), i32, out_f64, out_f64),
    "bnsl_free_energy_einstein": (status, "constraint n_species count spring fixed_species n_cells volume a0_out", i32, i32, in_i64, in_f64, i32, i64, f64, out_f64),
    "bnsl_free_energy_solid_options_init": (status, "opts struct_size", P(bnsl_free_energy_solid_options), size),
    "bnsl_free_energy_solid": (status, "box n xyz species potential opts control result_out", P(bnsl_box), i64, in_f64, in_i32, P(bnsl_potential), P(bnsl_free_energy_solid_options), P(bnsl_control), P(bnsl_free_energy_solid_result)),
    "bnsl_free_energy_extrapolate": (status, "n_sizes n a a_err a_inf_out err_out slope_out", i32, in_i64, in_f64, in_f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_bar": (status, "n_forward forward n_reverse reverse df_out err_out", i64, in_f64, i64, in_f64, out_f64, out_f64),
    "bnsl_free_energy_mbar": (status, "n_states n_samples u num_threads f_out covariance_out", i32, in_i64, in_f64, i32, out_f64, out_f64),
    "bnsl_free_energy_carnahan_starling": (status, "packing_fraction z_out a_ex_out mu_ex_out", f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_bmcsl": (status, "n_species diameter fraction density z_out a_ex_out mu_ex_out", i32, in_f64, in_f64, f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_kolafa_nezbeda": (status, "kT density a_ex_out u_out pressure_out", f64, f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_van_der_hoef": (status, "kT density a_ex_out u_out pressure_out", f64, f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_second_virial": (status, "potential fraction kT b2_out", P(bnsl_potential), in_f64, f64, out_f64),
    "bnsl_free_energy_ramp_options_init": (status, "opts struct_size", P(bnsl_free_energy_ramp_options), size),
    "bnsl_free_energy_path": (status, "n_depth depth n_max coupling_out well_depth_out weight_out n_out", i32, in_f64, i32, out_f64, out_f64, out_f64, out_i32),
    "bnsl_free_energy_ramp": (status, "box n xyz species n_species diameter mie n_nodes coupling well_depth opts control node_out", P(bnsl_box), i64, in_f64, in_i32, i32, in_f64, P(bnsl_potential_options), i32, in_f64, in_f64, P(bnsl_free_energy_ramp_options), P(bnsl_control), P(bnsl_free_energy_node)),
    "bnsl_free_energy_fluid_options_init": (status, "opts struct_size", P(bnsl_free_energy_fluid_options), size),
    "bnsl_free_energy_fluid_start": (status, "n_species diameter count density seed box_out xyz_out species_out", i32, in_f64, in_i64, f64, u64, P(bnsl_box), out_f64, out_i32),
    "bnsl_free_energy_clumping_limit": (c.c_double, "n", i64),
    "bnsl_free_energy_fluid": (status, "n_species diameter count density well_depth mie opts control out", i32, in_f64, in_i64, f64, f64, P(bnsl_potential_options), P(bnsl_free_energy_fluid_options), P(bnsl_control), P(bnsl_free_energy_fluid_result)),
    "bnsl_free_energy_exchange_options_init": (status, "opts struct_size", P(bnsl_free_energy_exchange_options), size),
    "bnsl_free_energy_exchange": (status, "diameter count density well_depth mie opts control difference_out err_out", in_f64, in_i64, f64, f64, P(bnsl_potential_options), P(bnsl_free_energy_exchange_options), P(bnsl_control), out_f64, out_f64),
    "bnsl_free_energy_surface_options_init": (status, "opts struct_size", P(bnsl_free_energy_surface_options), size),
    "bnsl_free_energy_surface_create": (status, "out opts n data diameter fraction mie", P(P(bnsl_free_energy_surface)), P(bnsl_free_energy_surface_options), i64, P(bnsl_free_energy_datum), in_f64, in_f64, P(bnsl_potential_options)),
    "bnsl_free_energy_surface_destroy": (None, "surface", P(bnsl_free_energy_surface)),
    "bnsl_free_energy_surface_quality": (status, "surface chi2_out freedom_out density_range_out depth_range_out", P(bnsl_free_energy_surface), out_f64, out_i64, out_f64, out_f64),
    "bnsl_free_energy_surface_evaluate": (status, "surface density well_depth out", P(bnsl_free_energy_surface), f64, f64, P(bnsl_free_energy_state)),
    "bnsl_free_energy_tangent": (status, "dilute dilute_user dense dense_user low high density_out pressure_out mu_out", bnsl_free_energy_phase_fn, c.c_void_p, bnsl_free_energy_phase_fn, c.c_void_p, in_f64, in_f64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_coexist": (status, "dilute dilute_shift_err dense dense_shift_err well_depth n_samples seed out", P(bnsl_free_energy_surface), f64, P(bnsl_free_energy_surface), f64, f64, i32, u64, P(bnsl_free_energy_coexistence)),
    "bnsl_free_energy_critical_depth": (status, "surface n_samples seed depth_out depth_err_out density_out", P(bnsl_free_energy_surface), i32, u64, out_f64, out_f64, out_f64),
    "bnsl_free_energy_driving_force": (status, "fluid solid solid_shift_err well_depth density force_out force_err_out", P(bnsl_free_energy_surface), P(bnsl_free_energy_surface), f64, f64, f64, out_f64, out_f64),
    "bnsl_free_energy_mixture_options_init": (status, "opts struct_size", P(bnsl_free_energy_mixture_options), size),
    "bnsl_free_energy_mixture_create": (status, "out opts n data diameter mie", P(P(bnsl_free_energy_mixture)), P(bnsl_free_energy_mixture_options), i64, P(bnsl_free_energy_mixture_datum), in_f64, P(bnsl_potential_options)),
    "bnsl_free_energy_mixture_destroy": (None, "mixture", P(bnsl_free_energy_mixture)),
    "bnsl_free_energy_mixture_quality": (status, "mixture chi2_out freedom_out reduced_range_out depth_range_out", P(bnsl_free_energy_mixture), out_f64, out_i64, out_f64, out_f64),
    "bnsl_free_energy_mixture_evaluate": (status, "mixture density fraction well_depth out", P(bnsl_free_energy_mixture), f64, f64, f64, P(bnsl_free_energy_mixture_state)),
    "bnsl_free_energy_incipient": (status, "parent parent_user other other_user fraction bubble volume low high out", bnsl_free_energy_mixture_fn, c.c_void_p, bnsl_free_energy_mixture_fn, c.c_void_p, f64, i32, in_f64, in_f64, in_f64, P(bnsl_free_energy_fractionation)),
    "bnsl_free_energy_fractionate": (status, "parent other well_depth fraction bubble n_samples seed out", P(bnsl_free_energy_mixture), P(bnsl_free_energy_mixture), f64, f64, i32, i32, u64, P(bnsl_free_energy_fractionation)),
    "bnsl_free_energy_demixing_depth": (status, "mixture fraction n_samples seed depth_out depth_err_out density_out", P(bnsl_free_energy_mixture), f64, i32, u64, out_f64, out_f64, out_f64),
}
