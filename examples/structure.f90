! SPDX-License-Identifier: GPL-3.0-or-later
!
! libbnsl from Fortran: bond order of an fcc crystal, phases of an AlB2 crystal, and Mie forces on the program's own arrays.
!
!     gfortran -c bnsl.f90 && gfortran structure.f90 bnsl.o $(pkg-config --libs bnsl) -o structure && ./structure
program structure
    use, intrinsic :: iso_c_binding
    use bnsl
    implicit none

    call bond_order_of_fcc()
    call phases_of_alb2()
    call forces_of_a_pair()
    call a_failure_is_a_status()

contains

    ! q4 and q6 of the 12 nearest neighbours: 0.19094 and 0.57452 [Steinhardt, Nelson and Ronchetti 1983].
    subroutine bond_order_of_fcc()
        integer, parameter :: cells = 4, n = 4*cells**3
        real(c_double), parameter :: site(3, 4) = &
            reshape([0d0, 0d0, 0d0, 0d0, .5d0, .5d0, .5d0, 0d0, .5d0, .5d0, .5d0, 0d0], [3, 4])
        integer(c_int32_t), parameter :: orders(2) = [4, 6]
        real(c_double) :: xyz(3, n), q(2, n) ! q: n x 2 for the library
        type(bnsl_neighbor_options) :: options
        type(bnsl_box) :: box
        type(c_ptr) :: list
        integer :: i, j, k, s, m

        m = 0
        do i = 0, cells - 1
            do j = 0, cells - 1
                do k = 0, cells - 1
                    do s = 1, 4
                        m = m + 1
                        xyz(:, m) = [i, j, k] + site(:, s) - 0.5d0*cells
                    end do
                end do
            end do
        end do
        call bnsl_check(bnsl_box_init(box, real(cells, c_double), real(cells, c_double), real(cells, c_double), 0d0, 0d0, 0d0))
        call bnsl_check(bnsl_neighbor_options_init(options, c_sizeof(options)))
        if (options%k /= 12 .or. options%query_species /= -1 .or. options%point_species /= -1) &
            error stop "bnsl_neighbor_options is not that of the library"
        options%mode = BNSL_NEIGHBOR_NEAREST
        call bnsl_check(bnsl_neighbor_create(list, options))
        call bnsl_check(bnsl_neighbor_build(list, box, int(n, c_int64_t), xyz, c_null_ptr, c_null_ptr))
        call bnsl_check(bnsl_order_steinhardt(list, 2, orders, 1, q, c_null_ptr, c_null_ptr))
        call bnsl_neighbor_destroy(list)
        write (*, '(a, f8.5, a, f8.5)') 'fcc: q4', sum(q(1, :))/n, ', q6', sum(q(2, :))/n
    end subroutine

    ! The orthogonal cell of AlB2 has 2 L and 4 S.
    subroutine phases_of_alb2()
        integer, parameter :: nx = 6, ny = 4, nz = 6, n = 6*nx*ny*nz
        real(c_double), parameter :: site(3, 6) = &
            reshape([0d0, 0d0, 0d0, .5d0, .5d0, 0d0, 0d0, 1/3d0, .5d0, &
                     .5d0, 5/6d0, .5d0, 0d0, 2/3d0, .5d0, .5d0, 1/6d0, .5d0], [3, 6])
        real(c_double) :: xyz(3, n), edge(3)
        integer(c_int32_t) :: species(n), phase(n)
        type(bnsl_box) :: box
        integer :: i, j, k, s, m

        edge = [1d0, sqrt(3d0), 1.03d0]
        m = 0
        do i = 0, nx - 1
            do j = 0, ny - 1
                do k = 0, nz - 1
                    do s = 1, 6
                        m = m + 1
                        xyz(:, m) = edge*([i, j, k] + site(:, s) - 0.5d0*[nx, ny, nz])
                        species(m) = merge(0, 1, s <= 2)
                    end do
                end do
            end do
        end do
        call bnsl_check(bnsl_box_init(box, nx*edge(1), ny*edge(2), nz*edge(3), 0d0, 0d0, 0d0))
        call bnsl_check(bnsl_order_classify(box, int(n, c_int64_t), xyz, species, c_null_ptr, phase))
        write (*, '(a, i0, a, i0, a)') 'AlB2: ', count(phase == BNSL_PHASE_ALB2), ' of ', count(species == 0), ' large particles'
    end subroutine

    ! Two L at the minimum of the Mie potential 50-25, then 0.01 nearer.
    subroutine forces_of_a_pair()
        integer(c_int32_t) :: species(2) = [0, 0]
        real(c_double), target :: moved(3, 2)
        real(c_double) :: xyz(3, 2), force(3, 2), energy(2), virial(6), diameter(1) = [1d0], reach(1)
        type(bnsl_potential_options) :: pair
        type(bnsl_neighbor_options) :: options
        type(bnsl_box) :: box
        type(c_ptr) :: potential, list

        call bnsl_check(bnsl_potential_options_init(pair, c_sizeof(pair)))
        if (nint(pair%n) /= 50 .or. nint(pair%m) /= 25 .or. nint(pair%well_depth) /= 1) &
            error stop "bnsl_potential_options is not that of the library"
        pair%shift = 1 ! none
        call bnsl_check(bnsl_potential_create(potential, 1, diameter, pair))
        call bnsl_check(bnsl_potential_cutoffs(potential, reach))
        call bnsl_check(bnsl_neighbor_options_init(options, c_sizeof(options)))
        options%flags = BNSL_NEIGHBOR_HALF
        call bnsl_check(bnsl_neighbor_create(list, options))
        call bnsl_check(bnsl_neighbor_set_pair_cutoffs(list, 1, reach + 0.1d0))
        call bnsl_check(bnsl_box_init(box, 10d0, 10d0, 10d0, 0d0, 0d0, 0d0))
        xyz = 0
        xyz(1, 2) = 2d0**(1/25d0)
        call bnsl_check(bnsl_neighbor_build(list, box, 2_c_int64_t, xyz, c_null_ptr, c_null_ptr))
        call bnsl_check(bnsl_md_pair_forces(list, potential, 2_c_int64_t, species, c_null_ptr, 1, force, energy, virial))
        write (*, '(a, f9.6, a, f8.4)') 'Mie: U at the minimum ', sum(energy), ', force', abs(force(1, 2))
        moved = 0
        moved(1, 2) = -0.01d0
        call bnsl_check(bnsl_md_pair_forces(list, potential, 2_c_int64_t, species, c_loc(moved), 1, force, energy, virial))
        write (*, '(a, f9.6, a, f8.4)') 'Mie: U 0.01 nearer    ', sum(energy), ', force', force(1, 2)
        call bnsl_neighbor_destroy(list)
        call bnsl_potential_destroy(potential)
    end subroutine

    subroutine a_failure_is_a_status()
        type(bnsl_box) :: box
        if (bnsl_box_init(box, -1d0, 1d0, 1d0, 0d0, 0d0, 0d0) /= BNSL_EINVAL) error stop "a box of negative length"
        write (*, '(a)') merge('refused: lx', bnsl_message(), index(bnsl_message(), 'lx') > 0)
    end subroutine
end program
