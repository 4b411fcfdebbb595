! SPDX-License-Identifier: GPL-3.0-or-later
!
! A module for Fortran over part of libbnsl's C interface (iso_c_binding, Fortran 2008): boxes, neighbour lists, bond order, phases,
! Mie potentials, pair forces. Copy it, and add the functions you need: each interface is its C prototype, word by word.
!
! A Fortran array xyz(3, n) has the layout of the library's n x 3. Indices of particles count from 0. An argument that may be NULL
! in C is type(c_ptr), value: c_null_ptr, or c_loc of a target.
!
!     gfortran -c bnsl.f90                                              structure.f90 shows the use
!     gfortran structure.f90 bnsl.o $(pkg-config --libs bnsl) -o structure
module bnsl
    use, intrinsic :: iso_c_binding
    implicit none
    private
    public :: bnsl_box, bnsl_neighbor_options, bnsl_potential_options, bnsl_check, bnsl_message
    public :: bnsl_version_number, bnsl_box_init, bnsl_neighbor_options_init, bnsl_neighbor_create, bnsl_neighbor_destroy
    public :: bnsl_neighbor_build, bnsl_neighbor_set_pair_cutoffs, bnsl_neighbor_n_bonds, bnsl_order_steinhardt, bnsl_order_classify
    public :: bnsl_potential_options_init, bnsl_potential_create, bnsl_potential_destroy, bnsl_potential_cutoffs
    public :: bnsl_md_pair_forces

    integer(c_int32_t), parameter, public :: BNSL_OK = 0, BNSL_EINVAL = -1
    integer(c_int32_t), parameter, public :: BNSL_NEIGHBOR_RADIUS = 0, BNSL_NEIGHBOR_NEAREST = 1, BNSL_NEIGHBOR_HALF = 1
    integer(c_int32_t), parameter, public :: BNSL_PHASE_FLUID = 0, BNSL_PHASE_ALB2 = 1, BNSL_PHASE_NAZN13 = 2, BNSL_PHASE_FCC = 3

    type, bind(c) :: bnsl_box
        real(c_double) :: lx, ly, lz, xy, xz, yz
        integer(c_int32_t) :: periodic, reserved
    end type

    type, bind(c) :: bnsl_neighbor_options
        integer(c_int32_t) :: struct_size, mode
        real(c_double) :: r_min, r_max
        integer(c_int32_t) :: k, query_species, point_species, flags, num_threads, reserved
    end type

    type, bind(c) :: bnsl_potential_options
        integer(c_int32_t) :: struct_size, form
        real(c_double) :: n, m, well_depth, sigma, r_cut
        integer(c_int32_t) :: shift, reserved
        real(c_double) :: coupling, ipl_prefactor, r_on
    end type

    interface
        integer(c_int32_t) function bnsl_version_number() bind(c)
            import
        end function

        integer(c_int32_t) function bnsl_box_init(box, lx, ly, lz, xy, xz, yz) bind(c)
            import
            type(bnsl_box), intent(out) :: box
            real(c_double), value :: lx, ly, lz, xy, xz, yz
        end function

        integer(c_int32_t) function bnsl_neighbor_options_init(options, struct_size) bind(c)
            import
            type(bnsl_neighbor_options), intent(out) :: options
            integer(c_size_t), value :: struct_size
        end function

        integer(c_int32_t) function bnsl_neighbor_create(list, options) bind(c)
            import
            type(c_ptr), intent(out) :: list
            type(bnsl_neighbor_options), intent(in) :: options
        end function

        subroutine bnsl_neighbor_destroy(list) bind(c)
            import
            type(c_ptr), value :: list
        end subroutine

        integer(c_int32_t) function bnsl_neighbor_set_pair_cutoffs(list, n_species, r_max) bind(c)
            import
            type(c_ptr), value :: list
            integer(c_int32_t), value :: n_species
            real(c_double), intent(in) :: r_max(*)
        end function

        integer(c_int32_t) function bnsl_neighbor_build(list, box, n, xyz, species, diameter) bind(c)
            import
            type(c_ptr), value :: list, species, diameter
            type(bnsl_box), intent(in) :: box
            integer(c_int64_t), value :: n
            real(c_double), intent(in) :: xyz(3, *)
        end function

        integer(c_int64_t) function bnsl_neighbor_n_bonds(list) bind(c)
            import
            type(c_ptr), value :: list
        end function

        integer(c_int32_t) function bnsl_order_steinhardt(list, n_l, l, num_threads, q, w, n_unbound) bind(c)
            import
            type(c_ptr), value :: list, w, n_unbound
            integer(c_int32_t), value :: n_l, num_threads
            integer(c_int32_t), intent(in) :: l(*)
            real(c_double), intent(out) :: q(*)
        end function

        integer(c_int32_t) function bnsl_order_classify(box, n, xyz, species, options, phase) bind(c)
            import
            type(bnsl_box), intent(in) :: box
            integer(c_int64_t), value :: n
            real(c_double), intent(in) :: xyz(3, *)
            integer(c_int32_t), intent(in) :: species(*)
            type(c_ptr), value :: options
            integer(c_int32_t), intent(out) :: phase(*)
        end function

        integer(c_int32_t) function bnsl_potential_options_init(options, struct_size) bind(c)
            import
            type(bnsl_potential_options), intent(out) :: options
            integer(c_size_t), value :: struct_size
        end function

        integer(c_int32_t) function bnsl_potential_create(potential, n_species, diameter, options) bind(c)
            import
            type(c_ptr), intent(out) :: potential
            integer(c_int32_t), value :: n_species
            real(c_double), intent(in) :: diameter(*)
            type(bnsl_potential_options), intent(in) :: options
        end function

        subroutine bnsl_potential_destroy(potential) bind(c)
            import
            type(c_ptr), value :: potential
        end subroutine

        integer(c_int32_t) function bnsl_potential_cutoffs(potential, r_cut) bind(c)
            import
            type(c_ptr), value :: potential
            real(c_double), intent(out) :: r_cut(*)
        end function

        integer(c_int32_t) function bnsl_md_pair_forces(list, potential, n, species, displacement, num_threads, &
                                                        force, energy, virial) bind(c)
            import
            type(c_ptr), value :: list, potential, displacement
            integer(c_int64_t), value :: n
            integer(c_int32_t), intent(in) :: species(*)
            integer(c_int32_t), value :: num_threads
            real(c_double), intent(out) :: force(3, *), energy(*), virial(6)
        end function

        type(c_ptr) function bnsl_error_message() bind(c)
            import
        end function

        integer(c_size_t) function c_strlen(text) bind(c, name="strlen")
            import
            type(c_ptr), value :: text
        end function
    end interface

contains

    ! The library's sentence about the last failure on this thread.
    function bnsl_message() result(text)
        character(len=:), allocatable :: text
        character(kind=c_char), pointer :: c(:)
        type(c_ptr) :: address
        integer :: i
        address = bnsl_error_message()
        call c_f_pointer(address, c, [c_strlen(address)])
        allocate (character(len=size(c)) :: text)
        do i = 1, size(c)
            text(i:i) = c(i)
        end do
    end function

    ! Ends the program with that sentence unless a call went well.
    subroutine bnsl_check(status)
        integer(c_int32_t), intent(in) :: status
        if (status /= BNSL_OK) then
            write (*, '(a)') bnsl_message()
            error stop 1
        end if
    end subroutine
end module
