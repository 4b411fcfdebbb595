# SPDX-License-Identifier: GPL-3.0-or-later
"""The C interface as ctypes sees it. Written by generate_ffi.py from include/bnsl/*.h: `make ffi-update` after a change there."""
import ctypes as c

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
BNSL_BONDS_GEOMETRY = 0
BNSL_BONDS_PAPER = 1
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
BNSL_SIZES_GAUSSIAN = 0
BNSL_SIZES_SCHULZ = 1
BNSL_ERRORS_GIVEN = 0
BNSL_ERRORS_RELATIVE = 1
BNSL_ERRORS_SQRT = 2
BNSL_ERRORS_UNIFORM = 3
BNSL_FILE_AUTO = 0
BNSL_FILE_GSD = 1
BNSL_FILE_XYZ = 2
BNSL_UNIT_FROM_FILE = 0
BNSL_UNIT_PER_NM = 1
BNSL_UNIT_PER_ANGSTROM = 2


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


class bnsl_saxs_pattern(c.Structure):
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
    ]


class bnsl_reflection(c.Structure):
    _fields_ = [
        ("h", c.c_int32),
        ("k", c.c_int32),
        ("l", c.c_int32),
        ("multiplicity", c.c_int32),
        ("allowed", c.c_int32),
        ("reserved", c.c_int32),
        ("q", c.c_double),
        ("g_ll", c.c_double),
        ("g_ss", c.c_double),
        ("g_ls", c.c_double),
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
        ("reserved", c.c_int32),
        ("peak_hwhm", c.c_double),
    ]


class bnsl_saxs_form_factor_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("distribution", c.c_int32),
        ("error_model", c.c_int32),
        ("reserved", c.c_int32),
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


class bnsl_saxs_pattern_options(c.Structure):
    _fields_ = [
        ("struct_size", c.c_uint32),
        ("background_order", c.c_int32),
        ("error_model", c.c_int32),
        ("reserved", c.c_int32),
        ("relative_error", c.c_double),
        ("q_min", c.c_double),
        ("q_max", c.c_double),
        ("scherrer_k", c.c_double),
    ]


class bnsl_saxs_phase(c.Structure):
    _fields_ = [
        ("a", c.c_double),
        ("a_err", c.c_double),
        ("c_over_a", c.c_double),
        ("c_over_a_err", c.c_double),
        ("hwhm", c.c_double),
        ("hwhm_err", c.c_double),
        ("xi", c.c_double),
        ("xi_err", c.c_double),
        ("fraction", c.c_double),
        ("fraction_err", c.c_double),
        ("u_rms", c.c_double),
        ("u_rms_err", c.c_double),
        ("scale_weight", c.c_double),
        ("n_peaks", c.c_int32),
        ("reserved", c.c_int32),
    ]


class bnsl_saxs_peak(c.Structure):
    _fields_ = [
        ("h", c.c_int32),
        ("k", c.c_int32),
        ("l", c.c_int32),
        ("multiplicity", c.c_int32),
        ("q", c.c_double),
        ("area", c.c_double),
        ("area_err", c.c_double),
    ]


bnsl_progress_fn = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int64, c.c_int64)
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
    "bnsl_saxs_form_factor_options",
    "bnsl_saxs_pattern_options",
)
FUNCTIONS = {  # name: (result, parameters...)
    "bnsl_error_message": (c.c_char_p,),
    "bnsl_status_name": (c.c_char_p, i32),
    "bnsl_status_text": (c.c_char_p, i32),
    "bnsl_version_number": (c.c_int32,),
    "bnsl_version_string": (c.c_char_p,),
    "bnsl_has_feature": (c.c_int32, c.c_char_p),
    "bnsl_cpu_isa": (c.c_int32,),
    "bnsl_control_create": (status, P(P(bnsl_control))),
    "bnsl_control_destroy": (None, P(bnsl_control)),
    "bnsl_control_set_progress": (status, P(bnsl_control), bnsl_progress_fn, c.c_void_p),
    "bnsl_control_cancel": (None, P(bnsl_control)),
    "bnsl_control_reset": (None, P(bnsl_control)),
    "bnsl_control_is_cancelled": (c.c_int32, P(bnsl_control)),
    "bnsl_philox4x32": (None, in_u32, in_u32, out_u32),
    "bnsl_random_uniform": (status, u64, u32, u64, u64, i64, out_f64),
    "bnsl_random_normal": (status, u64, u32, u64, u64, i64, out_f64),
    "bnsl_parse_double": (status, c.c_char_p, i64, out_f64, out_i64),
    "bnsl_parse_int64": (status, c.c_char_p, i64, out_i64, out_i64),
    "bnsl_box_init": (status, P(bnsl_box), f64, f64, f64, f64, f64, f64),
    "bnsl_box_validate": (status, P(bnsl_box)),
    "bnsl_box_from_vectors": (status, P(bnsl_box), in_f64, out_f64),
    "bnsl_box_vectors": (status, P(bnsl_box), out_f64),
    "bnsl_box_reciprocal": (status, P(bnsl_box), out_f64),
    "bnsl_box_volume": (status, P(bnsl_box), out_f64),
    "bnsl_box_plane_distances": (status, P(bnsl_box), out_f64),
    "bnsl_box_to_fractional": (status, P(bnsl_box), i64, in_f64, out_f64),
    "bnsl_box_to_cartesian": (status, P(bnsl_box), i64, in_f64, out_f64),
    "bnsl_box_wrap": (status, P(bnsl_box), i64, out_f64, out_i32),
    "bnsl_box_unwrap": (status, P(bnsl_box), i64, in_f64, in_i32, out_f64),
    "bnsl_box_minimum_image": (status, P(bnsl_box), i64, out_f64),
    "bnsl_potential_options_init": (status, P(bnsl_potential_options), size),
    "bnsl_potential_create": (status, P(P(bnsl_potential)), i32, in_f64, P(bnsl_potential_options)),
    "bnsl_potential_destroy": (None, P(bnsl_potential)),
    "bnsl_potential_set_pair": (status, P(bnsl_potential), i32, i32, P(bnsl_potential_options)),
    "bnsl_potential_set_table": (status, P(bnsl_potential), i32, i32, f64, f64, f64, i32, in_f64, in_f64),
    "bnsl_potential_table": (status, P(bnsl_potential), i32, i32, out_f64, out_f64, out_i32, P(P(c.c_double)), P(P(c.c_double))),
    "bnsl_potential_get_pair": (status, P(bnsl_potential), i32, i32, P(bnsl_potential_options)),
    "bnsl_potential_n_species": (c.c_int32, P(bnsl_potential)),
    "bnsl_potential_diameters": (status, P(bnsl_potential), out_f64),
    "bnsl_potential_cutoffs": (status, P(bnsl_potential), out_f64),
    "bnsl_potential_evaluate": (status, P(bnsl_potential), i32, i32, i64, in_f64, out_f64, out_f64),
    "bnsl_potential_minimum": (status, P(bnsl_potential), i32, i32, out_f64, out_f64),
    "bnsl_potential_second_virial": (status, P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_second_virial_series": (status, P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_barker_henderson": (status, P(bnsl_potential), i32, i32, f64, i32, out_f64),
    "bnsl_potential_effective_range": (status, P(bnsl_potential), i32, i32, f64, out_f64),
    "bnsl_potential_boyle_kT": (status, P(bnsl_potential), i32, i32, out_f64),
    "bnsl_potential_critical_kT": (status, P(bnsl_potential), i32, i32, out_f64),
    "bnsl_lattice_options_init": (status, P(bnsl_lattice_options), size),
    "bnsl_lattice_n_prototypes": (c.c_int32,),
    "bnsl_lattice_prototype_name": (c.c_char_p, i32),
    "bnsl_lattice_create": (status, P(P(bnsl_lattice)), c.c_char_p, P(bnsl_lattice_options)),
    "bnsl_lattice_destroy": (None, P(bnsl_lattice)),
    "bnsl_lattice_name": (c.c_char_p, P(bnsl_lattice)),
    "bnsl_lattice_space_group": (c.c_char_p, P(bnsl_lattice)),
    "bnsl_lattice_constants": (status, P(bnsl_lattice), out_f64, out_f64, out_f64),
    "bnsl_lattice_sites": (status, P(bnsl_lattice), out_i32, out_i32),
    "bnsl_lattice_bond_lengths": (status, P(bnsl_lattice), i32, out_f64, out_f64, out_f64),
    "bnsl_lattice_volume_fraction": (status, P(bnsl_lattice), f64, f64, out_f64),
    "bnsl_lattice_supercell": (status, P(bnsl_lattice), i32, i32, i32, i32, i64, out_i64, P(bnsl_box), out_f64, out_i32),
    "bnsl_lattice_sphere": (status, P(bnsl_lattice), f64, i64, out_i64, out_f64, out_i32),
    "bnsl_lattice_reflections": (status, P(bnsl_lattice), f64, i32, i64, out_i64, P(bnsl_reflection)),
    "bnsl_neighbor_options_init": (status, P(bnsl_neighbor_options), size),
    "bnsl_neighbor_create": (status, P(P(bnsl_neighbor_list)), P(bnsl_neighbor_options)),
    "bnsl_neighbor_destroy": (None, P(bnsl_neighbor_list)),
    "bnsl_neighbor_set_pair_cutoffs": (status, P(bnsl_neighbor_list), i32, in_f64),
    "bnsl_neighbor_set_additive_cutoff": (status, P(bnsl_neighbor_list), f64, f64),
    "bnsl_neighbor_build": (status, P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, in_i32, in_f64),
    "bnsl_neighbor_build_between": (status, P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, in_i32, in_f64, i64, in_f64, in_i32, in_f64),
    "bnsl_neighbor_set_bonds": (status, P(bnsl_neighbor_list), i64, i64, i64, in_i32, in_i32, in_f64, out_i64),
    "bnsl_neighbor_set_pairs": (status, P(bnsl_neighbor_list), P(bnsl_box), i64, in_f64, i64, in_f64, i64, in_i32, in_i32, out_i64),
    "bnsl_neighbor_is_half": (c.c_int32, P(bnsl_neighbor_list)),
    "bnsl_neighbor_n_bonds": (c.c_int64, P(bnsl_neighbor_list)),
    "bnsl_neighbor_n_query": (c.c_int64, P(bnsl_neighbor_list)),
    "bnsl_neighbor_counts": (status, P(bnsl_neighbor_list), out_i64),
    "bnsl_neighbor_view": (status, P(bnsl_neighbor_list), P(P(c.c_int64)), P(P(c.c_int32)), P(P(c.c_double)), P(P(c.c_double))),
    "bnsl_md_options_init": (status, P(bnsl_md_options), size),
    "bnsl_md_create": (status, P(P(bnsl_md)), P(bnsl_box), i64, in_f64, in_i32, P(bnsl_potential), P(bnsl_md_options)),
    "bnsl_md_destroy": (None, P(bnsl_md)),
    "bnsl_md_thermalize": (status, P(bnsl_md), f64, i32),
    "bnsl_md_set_velocities": (status, P(bnsl_md), in_f64),
    "bnsl_md_set_frozen": (status, P(bnsl_md), in_i32),
    "bnsl_md_set_diameters": (status, P(bnsl_md), in_f64),
    "bnsl_md_diameters": (status, P(bnsl_md), out_f64),
    "bnsl_md_set_potential": (status, P(bnsl_md), P(bnsl_potential)),
    "bnsl_md_energy_with": (status, P(bnsl_md), P(bnsl_potential), out_f64),
    "bnsl_md_set_wall": (status, P(bnsl_md), i32, f64, f64),
    "bnsl_md_wall": (status, P(bnsl_md), out_i32, out_f64),
    "bnsl_md_set_dt": (status, P(bnsl_md), f64),
    "bnsl_md_set_step": (status, P(bnsl_md), i64),
    "bnsl_md_set_packing_schedule": (status, P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_set_kT_schedule": (status, P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_set_pressure_schedule": (status, P(bnsl_md), i32, in_i64, in_f64),
    "bnsl_md_run": (status, P(bnsl_md), i64, P(bnsl_control)),
    "bnsl_md_minimize_options_init": (status, P(bnsl_md_minimize_options), size),
    "bnsl_md_minimize": (status, P(bnsl_md), P(bnsl_md_minimize_options), P(bnsl_control), out_i64),
    "bnsl_md_thermo_now": (status, P(bnsl_md), P(bnsl_md_thermo)),
    "bnsl_md_statistics_now": (status, P(bnsl_md), P(bnsl_md_statistics)),
    "bnsl_md_n": (c.c_int64, P(bnsl_md)),
    "bnsl_md_box": (status, P(bnsl_md), P(bnsl_box)),
    "bnsl_md_positions": (status, P(bnsl_md), out_f64, out_i32),
    "bnsl_md_velocities": (status, P(bnsl_md), out_f64),
    "bnsl_md_forces": (status, P(bnsl_md), out_f64),
    "bnsl_md_species": (status, P(bnsl_md), out_i32),
    "bnsl_md_checkpoint_write": (status, P(bnsl_md), c.c_char_p),
    "bnsl_md_checkpoint_read": (status, P(P(bnsl_md)), c.c_char_p, i32, i32),
    "bnsl_md_random_start": (status, P(bnsl_box), i64, in_f64, i64, u64, i32, out_f64, P(bnsl_control)),
    "bnsl_md_random_start_confined": (status, P(bnsl_box), i32, f64, i64, in_f64, i64, u64, i32, out_f64, P(bnsl_control)),
    "bnsl_md_polydisperse": (status, i64, in_i32, i32, in_f64, in_f64, i32, u64, out_f64),
    "bnsl_order_steinhardt": (status, P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_steinhardt_averaged": (status, P(bnsl_neighbor_list), P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_steinhardt_weighted": (status, P(bnsl_neighbor_list), in_f64, P(bnsl_neighbor_list), i32, in_i32, i32, out_f64, out_f64, out_f64, out_i64),
    "bnsl_order_harmonics": (status, P(bnsl_neighbor_list), in_f64, i32, i32, out_f64, out_i64),
    "bnsl_order_connections": (status, P(bnsl_neighbor_list), P(bnsl_neighbor_list), i32, i32, i32, out_f64, out_i64),
    "bnsl_order_solid_options_init": (status, P(bnsl_order_solid_options), size),
    "bnsl_order_solid": (status, P(bnsl_neighbor_list), P(bnsl_neighbor_list), P(bnsl_order_solid_options), out_i32, out_i32, out_i32, out_i64, out_i64),
    "bnsl_order_classify_options_init": (status, P(bnsl_order_classify_options), size),
    "bnsl_order_classify": (status, P(bnsl_box), i64, in_f64, in_i32, P(bnsl_order_classify_options), out_i32),
    "bnsl_order_clusters": (status, P(bnsl_neighbor_list), in_i32, out_i32, out_i64, out_i64),
    "bnsl_order_crystal_clusters": (status, P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_i64, out_i64),
    "bnsl_order_surface": (status, P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_i64),
    "bnsl_order_grains_options_init": (status, P(bnsl_order_grains_options), size),
    "bnsl_order_grains": (status, P(bnsl_box), i64, in_f64, in_i32, in_i32, P(bnsl_order_grains_options), out_i32, out_i64, out_i64, out_i32),
    "bnsl_order_confirm": (status, P(bnsl_box), i64, in_f64, in_i32, in_i32, i32, out_i32, out_f64),
    "bnsl_order_nucleation_options_init": (status, P(bnsl_order_nucleation_options), size),
    "bnsl_order_nucleation_create": (status, P(P(bnsl_order_nucleation)), P(bnsl_order_nucleation_options)),
    "bnsl_order_nucleation_destroy": (None, P(bnsl_order_nucleation)),
    "bnsl_order_nucleation_set_wall": (status, P(bnsl_order_nucleation), i32, i32, in_f64, f64),
    "bnsl_order_nucleation_add": (status, P(bnsl_order_nucleation), P(bnsl_box), i64, in_f64, in_i32, in_i32, i64, f64),
    "bnsl_order_nucleation_n_frames": (c.c_int64, P(bnsl_order_nucleation)),
    "bnsl_order_nucleation_frame_at": (status, P(bnsl_order_nucleation), i64, P(bnsl_order_nucleation_frame)),
    "bnsl_order_nucleation_summarize": (status, P(bnsl_order_nucleation), P(bnsl_order_nucleation_summary)),
    "bnsl_order_density_options_init": (status, P(bnsl_order_density_options), size),
    "bnsl_order_local_density": (status, P(bnsl_box), i64, in_f64, in_i32, P(bnsl_order_density_options), out_f64, out_f64),
    "bnsl_order_local_density_of_list": (status, P(bnsl_neighbor_list), P(bnsl_order_density_options), out_f64, out_f64),
    "bnsl_order_density_threshold": (c.c_double, i32),
    "bnsl_order_rdf_options_init": (status, P(bnsl_order_rdf_options), size),
    "bnsl_order_rdf_create": (status, P(P(bnsl_order_rdf)), P(bnsl_order_rdf_options)),
    "bnsl_order_rdf_destroy": (None, P(bnsl_order_rdf)),
    "bnsl_order_rdf_add": (status, P(bnsl_order_rdf), P(bnsl_box), i64, in_f64, in_i32, P(bnsl_control)),
    "bnsl_order_rdf_bins": (status, P(bnsl_order_rdf), out_f64, out_f64),
    "bnsl_order_rdf_read": (status, P(bnsl_order_rdf), i32, i32, out_f64, out_f64, out_i64),
    "bnsl_order_msd_options_init": (status, P(bnsl_order_msd_options), size),
    "bnsl_order_msd_create": (status, P(P(bnsl_order_msd)), P(bnsl_order_msd_options)),
    "bnsl_order_msd_destroy": (None, P(bnsl_order_msd)),
    "bnsl_order_msd_add": (status, P(bnsl_order_msd), P(bnsl_box), i64, in_f64, in_i32, in_i32),
    "bnsl_order_msd_n_frames": (c.c_int64, P(bnsl_order_msd)),
    "bnsl_order_msd_n_columns": (c.c_int32, P(bnsl_order_msd)),
    "bnsl_order_msd_window": (status, P(bnsl_order_msd), i64, i64, out_f64, P(bnsl_control)),
    "bnsl_order_msd_direct": (status, P(bnsl_order_msd), i64, i64, out_f64),
    "bnsl_order_diffusion_options_init": (status, P(bnsl_order_diffusion_options), size),
    "bnsl_order_diffusion": (status, P(bnsl_order_msd), P(bnsl_order_diffusion_options), out_f64, out_f64, out_f64, P(bnsl_control)),
    "bnsl_saxs_sq_options_init": (status, P(bnsl_saxs_sq_options), size),
    "bnsl_saxs_structure_factor": (status, P(bnsl_box), i64, in_f64, in_i32, i32, P(bnsl_saxs_sq_options), out_f64, out_f64, out_f64, out_i64, P(bnsl_control)),
    "bnsl_saxs_form_factor": (status, i32, f64, f64, i64, in_f64, out_f64, out_f64),
    "bnsl_saxs_form_factor_options_init": (status, P(bnsl_saxs_form_factor_options), size),
    "bnsl_saxs_fit_form_factor": (status, i64, in_f64, in_f64, in_f64, P(bnsl_saxs_form_factor_options), P(bnsl_saxs_form_factor_result)),
    "bnsl_saxs_pattern_options_init": (status, P(bnsl_saxs_pattern_options), size),
    "bnsl_saxs_pattern_create": (status, P(P(bnsl_saxs_pattern)), P(bnsl_saxs_pattern_options)),
    "bnsl_saxs_pattern_destroy": (None, P(bnsl_saxs_pattern)),
    "bnsl_saxs_pattern_add_phase": (status, P(bnsl_saxs_pattern), P(bnsl_lattice), f64, f64, i32, f64, f64, f64, f64, f64),
    "bnsl_saxs_pattern_fit": (status, P(bnsl_saxs_pattern), i64, in_f64, in_f64, in_f64, P(bnsl_control)),
    "bnsl_saxs_pattern_n_phases": (c.c_int32, P(bnsl_saxs_pattern)),
    "bnsl_saxs_pattern_phase": (status, P(bnsl_saxs_pattern), i32, P(bnsl_saxs_phase)),
    "bnsl_saxs_pattern_peak": (status, P(bnsl_saxs_pattern), i32, i32, P(bnsl_saxs_peak)),
    "bnsl_saxs_pattern_quality": (status, P(bnsl_saxs_pattern), out_f64, out_i32, out_i32),
    "bnsl_saxs_pattern_model": (status, P(bnsl_saxs_pattern), i64, in_f64, out_f64, out_f64),
    "bnsl_io_frame_create": (status, P(P(bnsl_io_frame))),
    "bnsl_io_frame_destroy": (None, P(bnsl_io_frame)),
    "bnsl_io_frame_set": (status, P(bnsl_io_frame), P(bnsl_box), i64, i64, in_f64, in_i32, c.c_char_p),
    "bnsl_io_frame_rename_types": (status, P(bnsl_io_frame), c.c_char_p),
    "bnsl_io_frame_set_array": (status, P(bnsl_io_frame), c.c_char_p, i32, in_f64),
    "bnsl_io_frame_set_scalar": (status, P(bnsl_io_frame), c.c_char_p, f64),
    "bnsl_io_frame_n": (c.c_int64, P(bnsl_io_frame)),
    "bnsl_io_frame_step": (c.c_int64, P(bnsl_io_frame)),
    "bnsl_io_frame_box": (status, P(bnsl_io_frame), P(bnsl_box)),
    "bnsl_io_frame_n_types": (c.c_int32, P(bnsl_io_frame)),
    "bnsl_io_frame_type_name": (c.c_char_p, P(bnsl_io_frame), i32),
    "bnsl_io_frame_type_index_view": (P(c.c_int32), P(bnsl_io_frame)),
    "bnsl_io_frame_array_view": (status, P(bnsl_io_frame), c.c_char_p, out_i32, P(P(c.c_double))),
    "bnsl_io_frame_n_arrays": (c.c_int32, P(bnsl_io_frame)),
    "bnsl_io_frame_array_name": (c.c_char_p, P(bnsl_io_frame), i32),
    "bnsl_io_frame_scalar": (status, P(bnsl_io_frame), c.c_char_p, out_f64),
    "bnsl_io_frame_n_scalars": (c.c_int32, P(bnsl_io_frame)),
    "bnsl_io_frame_scalar_name": (c.c_char_p, P(bnsl_io_frame), i32),
    "bnsl_io_reader_open": (status, P(P(bnsl_io_reader)), c.c_char_p, i32),
    "bnsl_io_reader_close": (None, P(bnsl_io_reader)),
    "bnsl_io_reader_n_frames": (c.c_int64, P(bnsl_io_reader)),
    "bnsl_io_reader_read": (status, P(bnsl_io_reader), i64, P(bnsl_io_frame)),
    "bnsl_io_writer_create": (status, P(P(bnsl_io_writer)), c.c_char_p, i32, i32),
    "bnsl_io_writer_continue": (status, P(P(bnsl_io_writer)), c.c_char_p, i32, i64),
    "bnsl_io_writer_append": (status, P(bnsl_io_writer), P(bnsl_io_frame)),
    "bnsl_io_writer_commit": (status, P(bnsl_io_writer)),
    "bnsl_io_writer_close": (status, P(bnsl_io_writer)),
    "bnsl_io_writer_abandon": (None, P(bnsl_io_writer)),
    "bnsl_io_table_write": (status, c.c_char_p, c.c_char_p, i64, i32, in_f64, i32),
    "bnsl_io_table_read": (status, P(P(bnsl_io_table)), c.c_char_p),
    "bnsl_io_table_destroy": (None, P(bnsl_io_table)),
    "bnsl_io_table_view": (status, P(bnsl_io_table), out_i64, out_i32, P(P(c.c_double))),
    "bnsl_io_table_header": (c.c_char_p, P(bnsl_io_table)),
    "bnsl_io_curve_read": (status, P(P(bnsl_io_curve)), c.c_char_p, i32),
    "bnsl_io_curve_destroy": (None, P(bnsl_io_curve)),
    "bnsl_io_curve_view": (status, P(bnsl_io_curve), out_i64, P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), P(P(c.c_double)), out_i64),
}
