# SPDX-License-Identifier: GPL-3.0-or-later
# The whole build, one non-recursive GNU makefile. In a clone: make. Out of tree: mkdir b && cd b && ../configure && make.
# Targets: all examples bench install install-python wheel dist, the same with un- before install; check and lint, their parts and the longer tests
# (check-unit check-cli check-python check-install headers abi-check; check-slow check-peers check-hdf5 check-wheel check-debian distcheck); what is
# written from the headers (map-update frozen ffi-update abi-update); clean distclean.
srcdir ?= .
vpath %.c $(srcdir)
vpath %.cc $(srcdir)
vpath %.f90 $(srcdir)
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all examples check check-unit check-cli check-python check-install check-slow check-peers check-hdf5 check-debian bench lint headers \
        abi-check abi-update map-update frozen ffi-update install uninstall install-python uninstall-python wheel check-wheel \
        dist distcheck clean distclean FORCE
all:

# ---- configuration ------------------------------------------------------------------------------------
include config.mk
$(srcdir)/configure: $(srcdir)/configure.ac
	cd $(srcdir) && autoconf
config.status: $(srcdir)/configure
	if test -x config.status; then ./config.status --recheck; else $(srcdir)/configure; fi
config.mk: $(srcdir)/config.mk.in $(srcdir)/include/bnsl/version.h.in $(srcdir)/pkgconfig/bnsl.pc.in config.status
	./config.status

# ---- what there is ------------------------------------------------------------------------------------
ls = $(sort $(patsubst $(srcdir)/%,%,$(wildcard $(srcdir)/$(1))))
ALL_C      := $(call ls,libbnsl/*/*.c)
KERNEL_C   := $(call ls,libbnsl/*/kernel_*.c)
ISA        := baseline $(if $(filter yes,$(isa_variants)),avx2 avx512)
LIB_OBJ    := $(patsubst %.c,%.o,$(filter-out $(KERNEL_C),$(ALL_C))) $(foreach i,$(ISA),$(KERNEL_C:.c=.$(i).o))
TOOL_OBJ   := $(patsubst %.c,%.o,$(call ls,tools/*.c) $(call ls,tools/*/*.c))
HEADERS    := $(call ls,include/bnsl/*.h)
SUPPORT_OBJ := $(patsubst %.c,%.o,$(filter-out tests/support/jsonget.c tests/support/write_series.c,$(call ls,tests/support/*.c)))
UNIT       := $(patsubst %.c,%,$(call ls,tests/test_*.c) $(call ls,tests/internal_*.c))
SLOW       := $(patsubst %.c,%,$(call ls,tests/slow_*.c))
PEERS      := $(patsubst %.c,%,$(call ls,tests/peers/*.c))
BENCH      := $(patsubst %.c,%,$(call ls,bench/bench_*.c))
FUZZ       := $(patsubst %.c,%,$(call ls,tests/fuzz/fuzz_*.c))
EXAMPLES   := $(patsubst %.c,%,$(call ls,examples/*.c)) $(patsubst %.cc,%,$(call ls,examples/*.cc)) \
              $(filter-out examples/bnsl,$(patsubst %.f90,%,$(call ls,examples/*.f90)))
CLI_TESTS  := $(call ls,tests/cli/*.sh)
MAN        := $(call ls,man/man*/*.[1357])
DATA       := $(srcdir)/tests/data/saxs/PolySpheres.txt
pkgdatadir  = $(datadir)/bnsl

# ---- flags --------------------------------------------------------------------------------------------
# -ffp-contract=off and no -ffast-math: the same bits from every instruction set.
WARN := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
        -Wcast-qual -Wundef -Wno-unknown-pragmas $(WERROR)
STD  := -std=c11 -D_POSIX_C_SOURCE=200809L -ffp-contract=off
override_cflags = $(STD) $(WARN) $(OPENMP_CFLAGS) $(CFLAGS)
LIB_CFLAGS  = $(override_cflags) -fPIC -fvisibility=hidden
INCLUDES    = -Iinclude -I$(srcdir)/include
LIB_CPP     = $(INCLUDES) -I$(srcdir)/libbnsl/core $(CPPFLAGS) $(DEPS_CFLAGS) $(if $(filter yes,$(isa_variants)),-DBNSL_HAVE_ISA_VARIANTS=1)
TOOL_CPP    = $(INCLUDES) -I$(srcdir)/tools $(CPPFLAGS) $(CAIRO_CFLAGS) $(IMAGE_CFLAGS) -DBNSL_PKGDATADIR='"$(pkgdatadir)"'
TEST_CPP    = $(LIB_CPP) -I$(srcdir)/tests/support $(CMOCKA_CFLAGS) -DTEST_DATA_DIR='"$(abspath $(srcdir))/tests/data"'
KERNEL_CFLAGS = -O3 -fno-math-errno -fno-trapping-math
isa_baseline :=
isa_avx2     := -mavx2 -mfma
isa_avx512   := -mavx2 -mfma -mavx512f -mavx512dq -mavx512vl -mavx512bw -mprefer-vector-width=512

# ---- library ------------------------------------------------------------------------------------------
SONAME := libbnsl.so.$(SOVERSION)
REAL   := libbnsl.so.$(SOVERSION).$(VERSION)
LIBS_BUILT := $(if $(filter yes,$(enable_shared)),libbnsl.so) $(if $(filter yes,$(enable_static)),libbnsl.a)
all: $(LIBS_BUILT) bnsl

%.o: %.c config.mk
	@mkdir -p $(@D)
	$(CC) $(CPP_FOR) $(CFLAGS_FOR) -MMD -MP -c -o $@ $<
$(LIB_OBJ): CPP_FOR = $(LIB_CPP)
$(LIB_OBJ): CFLAGS_FOR = $(LIB_CFLAGS)
$(TOOL_OBJ): CPP_FOR = $(TOOL_CPP)
$(TOOL_OBJ): CFLAGS_FOR = $(override_cflags)
$(SUPPORT_OBJ): CPP_FOR = $(TEST_CPP)
$(SUPPORT_OBJ): CFLAGS_FOR = $(override_cflags)
define kernel_rule
%.$(1).o: %.c config.mk
	@mkdir -p $$(@D)
	$$(CC) $$(LIB_CPP) $$(LIB_CFLAGS) $$(KERNEL_CFLAGS) $$(isa_$(1)) -DBNSL_KERNEL_SUFFIX=_$(1) -Wno-psabi -MMD -MP -c -o $$@ $$<
endef
$(foreach i,$(ISA),$(eval $(call kernel_rule,$(i))))

libbnsl.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^
ifeq ($(have_version_script),yes)
VERSION_SCRIPT = -Wl,--no-undefined-version -Wl,--version-script=$(srcdir)/libbnsl/libbnsl.map
endif
$(REAL): $(LIB_OBJ) $(srcdir)/libbnsl/libbnsl.map
	$(CC) $(LIB_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--no-undefined $(VERSION_SCRIPT) -o $@ $(LIB_OBJ) $(DEPS_LIBS)
$(SONAME): $(REAL)
	ln -sf $< $@
libbnsl.so: $(SONAME)
	ln -sf $< $@

# ---- program ------------------------------------------------------------------------------------------
ifeq ($(enable_shared),yes)
LIB_FILE   := libbnsl.so
LINK_LIB    = -L. -lbnsl -lm
BUILD_RPATH = -Wl,-rpath,'$$ORIGIN' -Wl,-rpath,'$(CURDIR)'
else
LIB_FILE   := libbnsl.a
LINK_LIB    = libbnsl.a $(DEPS_LIBS)
BUILD_RPATH =
endif
bnsl: $(TOOL_OBJ) $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $(TOOL_OBJ) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(CAIRO_LIBS) $(IMAGE_LIBS)

# ---- tests --------------------------------------------------------------------------------------------
WRAP := -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=aligned_alloc
tests/internal_%: tests/internal_%.o $(SUPPORT_OBJ) libbnsl.a
	$(CC) $(override_cflags) -o $@ $< $(SUPPORT_OBJ) $(WRAP) libbnsl.a $(LDFLAGS) $(CMOCKA_LIBS) $(DEPS_LIBS) -lpthread
tests/test_%: tests/test_%.o $(SUPPORT_OBJ) $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< $(SUPPORT_OBJ) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(CMOCKA_LIBS) -lpthread -lm
tests/slow_%: tests/slow_%.o $(SUPPORT_OBJ) $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< $(SUPPORT_OBJ) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(CMOCKA_LIBS) -lpthread -lm
tests/peers/%: tests/peers/%.o $(SUPPORT_OBJ) $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< $(SUPPORT_OBJ) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(CMOCKA_LIBS) -lpthread -lm
tests/jsonget: $(srcdir)/tests/support/jsonget.c config.mk
	@mkdir -p $(@D)
	$(CC) $(override_cflags) -o $@ $< -lm
tests/write_series: tests/support/write_series.o $(SUPPORT_OBJ) $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< $(SUPPORT_OBJ) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(CMOCKA_LIBS) -lpthread -lm
tests/support/write_series.o: CPP_FOR = $(TEST_CPP)
tests/support/write_series.o: CFLAGS_FOR = $(override_cflags)
tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.o tests/fuzz/driver.o $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< tests/fuzz/driver.o $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) -lm
bench/bench_%: bench/bench_%.o $(LIB_FILE)
	$(CC) $(override_cflags) -o $@ $< $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) -lm
TEST_OBJ := $(patsubst %,%.o,$(UNIT) $(SLOW) $(PEERS) $(FUZZ) $(BENCH) tests/fuzz/driver tests/abi/frozen)
$(TEST_OBJ): CPP_FOR = $(TEST_CPP) -I$(srcdir) -I$(srcdir)/tools -I$(srcdir)/libbnsl $(CAIRO_CFLAGS)
$(TEST_OBJ): CFLAGS_FOR = $(override_cflags)
.PRECIOUS: %.o

# The examples in the tree, as far as there are compilers for their languages; make check builds them once more, against an installation.
ifeq ($(origin FC),default)
FC := gfortran
endif
has = $(shell command -v $(firstword $(1)))
examples: $(if $(call has,$(FC)),$(EXAMPLES),$(filter-out examples/structure,$(EXAMPLES)))
examples/%: examples/%.c $(LIB_FILE)
	@mkdir -p $(@D)
	$(CC) $(override_cflags) $(INCLUDES) $(CPPFLAGS) -o $@ $< $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) -lpthread -lm
examples/%: examples/%.cc $(LIB_FILE)
	@mkdir -p $(@D)
	$(CXX) -std=c++11 -Wall -Wextra $(CFLAGS) $(INCLUDES) $(CPPFLAGS) -o $@ $< $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(OPENMP_CFLAGS)
examples/structure: examples/bnsl.f90 examples/structure.f90 $(LIB_FILE)
	@mkdir -p $(@D)
	$(FC) -std=f2008 -Wall -Wextra -Jexamples -o $@ $(filter %.f90,$^) $(LDFLAGS) $(BUILD_RPATH) $(LINK_LIB) $(OPENMP_CFLAGS)

# All tests: the runners are jobs of one make, beside each other, on all cores unless make is told how many jobs to run (-j1: one after another).
CORES  := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
CHECKS := check-unit check-cli check-install check-python lint headers tests/abi/frozen.o abi-check
check: all
	@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(CORES)) TEST_JOBS=1 $(CHECKS)
TEST_JOBS ?= $(CORES)
check-unit: $(UNIT) $(FUZZ)
	@TEST_JOBS=$(TEST_JOBS) sh $(srcdir)/tests/run_unit.sh "$(srcdir)" $(UNIT) $(FUZZ)
check-cli: bnsl tests/jsonget tests/write_series
	@sh $(srcdir)/tests/run_cli.sh "$(srcdir)" $(CLI_TESTS)
check-python: $(LIB_FILE) bnsl
	@sh $(srcdir)/tests/run_python.sh "$(srcdir)" "$(CURDIR)"
check-slow: all $(SLOW)
	@sh $(srcdir)/tests/run_unit.sh "$(srcdir)" $(SLOW)
check-peers: all tests/jsonget $(PEERS)
	@sh $(srcdir)/tests/peers/run.sh "$(srcdir)" "$(CURDIR)"
# NXcanSAS is read where HDF5 was asked for: the readers' tests once more, in a build that has it.
check-hdf5: $(srcdir)/configure
	rm -rf _hdf5 && mkdir _hdf5 && cd _hdf5 && $(abspath $(srcdir))/configure --quiet --with-hdf5 --disable-isa-variants CC="$(CC)" \
	  && $(MAKE) -s tests/test_io_curve tests/test_io_series tests/internal_io tests/fuzz/fuzz_curve \
	  && sh $(abspath $(srcdir))/tests/run_unit.sh $(abspath $(srcdir)) tests/test_io_curve tests/test_io_series tests/internal_io tests/fuzz/fuzz_curve
	rm -rf _hdf5
check-install: all
	@CXX="$(CXX)" FC="$(FC)" sh $(srcdir)/tests/install/run.sh "$(srcdir)" "$(CURDIR)" "$(MAKE)"
	@sh $(srcdir)/tests/install/man_examples.sh "$(srcdir)" "$(CURDIR)"
# Debian packages, built and tried in a fresh system: root, minutes.
check-debian:
	@sh $(srcdir)/tests/install/debian.sh "$(srcdir)"
bench: $(BENCH)
	@for b in $(BENCH); do ./$$b || exit 1; done
headers:
	@for h in $(filter-out version.h,$(notdir $(HEADERS))); do \
	  echo "#include <bnsl/$$h>" | $(CC) -std=c11 -pedantic -Wall -Wextra -Werror $(INCLUDES) -fsyntax-only -x c - || exit 1; \
	  for s in $(if $(call has,$(CXX)),c++11 c++17); do \
	    echo "#include <bnsl/$$h>" | $(CXX) -std=$$s -pedantic -Wall -Wextra -Werror $(INCLUDES) -fsyntax-only -x c++ - || exit 1; done; \
	done; echo "ok headers"
lint: $(LIBS_BUILT) bnsl
	@f=0; for t in $(call ls,tests/lint/*.sh); do case $$t in */make_map.sh) continue;; esac; \
	  SRCDIR="$(srcdir)" BUILDDIR="$(CURDIR)" NM="$(NM)" CC="$(CC)" sh $(srcdir)/$$t || f=1; done; exit $$f
ffi-update:
	$(PYTHON) $(srcdir)/bindings/python/generate_ffi.py $(srcdir)
frozen: ffi-update
	CC="$(CC)" sh $(srcdir)/tests/abi/make_frozen.sh $(srcdir) . > $(srcdir)/tests/abi/frozen.c.new && mv $(srcdir)/tests/abi/frozen.c.new $(srcdir)/tests/abi/frozen.c
map-update:
	sh $(srcdir)/tests/lint/make_map.sh $(srcdir) > $(srcdir)/libbnsl/libbnsl.map.new && mv $(srcdir)/libbnsl/libbnsl.map.new $(srcdir)/libbnsl/libbnsl.map

# The ABI: tests/abi/frozen.c needs no tool; the dump is compared where abidiff is installed. Both need the default -g.
ABI := $(srcdir)/tests/abi/libbnsl.abi
abi-update: libbnsl.so
	abidw --exported-interfaces-only --drop-private-types --no-corpus-path --no-comp-dir-path --type-id-style hash \
	  --headers-dir $(srcdir)/include/bnsl --out-file $(ABI) $(REAL)
	sed -i -e 's|$(abspath $(srcdir))/||g' -e 's|$(CURDIR)/||g' $(ABI)
abi-check: $(LIB_FILE)
ifeq ($(enable_shared),yes)
	@if command -v abidiff >/dev/null; then abidiff --no-added-syms --drop-private-types --headers-dir2 $(srcdir)/include/bnsl $(ABI) $(REAL) \
	  && echo "ok abi"; else echo "abi: skipped, abidiff is not installed"; fi
else
	@echo "abi: skipped, no shared library"
endif

# ---- installation -------------------------------------------------------------------------------------
# The installed program finds the library by the system's search path, or by RPATH when libdir is not part of it.
INSTALL_RPATH = $(if $(filter /usr/lib% /lib%,$(libdir)),,-Wl,-rpath,$(libdir))
# The functions of a page of section 3, each of which `man` finds by its name too.
functions_of = `sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.F[on] \(bnsl_[A-Za-z0-9_]*\).*/\1/p' $(srcdir)/$$m`
install: all
	install -d $(DESTDIR)$(includedir)/bnsl $(DESTDIR)$(libdir)/pkgconfig $(DESTDIR)$(bindir) $(DESTDIR)$(pkgdatadir)
	install -m 644 $(addprefix $(srcdir)/,$(filter-out include/bnsl/version.h,$(HEADERS))) include/bnsl/version.h $(DESTDIR)$(includedir)/bnsl
	install -m 644 pkgconfig/bnsl.pc $(DESTDIR)$(libdir)/pkgconfig
	install -m 644 $(DATA) $(DESTDIR)$(pkgdatadir)
ifeq ($(enable_static),yes)
	install -m 644 libbnsl.a $(DESTDIR)$(libdir)
endif
ifeq ($(enable_shared),yes)
	install -m 755 $(REAL) $(DESTDIR)$(libdir)
	ln -sf $(REAL) $(DESTDIR)$(libdir)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(libdir)/libbnsl.so
	$(CC) $(override_cflags) -o $(DESTDIR)$(bindir)/bnsl $(TOOL_OBJ) $(LDFLAGS) $(INSTALL_RPATH) $(LINK_LIB) $(CAIRO_LIBS) $(IMAGE_LIBS)
else
	install -m 755 bnsl $(DESTDIR)$(bindir)
endif
	for m in $(MAN); do s=$${m##*.}; install -d $(DESTDIR)$(mandir)/man$$s && install -m 644 $(srcdir)/$$m $(DESTDIR)$(mandir)/man$$s || exit 1; done
	for m in $(filter %.3,$(MAN)); do for f in $(functions_of); do n=$(DESTDIR)$(mandir)/man3/$$f.3; \
	  test -e $$n || { echo ".so man3/$${m##*/}" >$$n && chmod 644 $$n; } || exit 1; done; done
uninstall:
	rm -rf $(DESTDIR)$(includedir)/bnsl $(DESTDIR)$(pkgdatadir)
	rm -f $(DESTDIR)$(libdir)/pkgconfig/bnsl.pc $(addprefix $(DESTDIR)$(libdir)/,libbnsl.a libbnsl.so $(SONAME) $(REAL)) $(DESTDIR)$(bindir)/bnsl
	for m in $(MAN); do s=$${m##*.}; rm -f $(DESTDIR)$(mandir)/man$$s/$${m##*/}; done
	for m in $(filter %.3,$(MAN)); do for f in $(functions_of); do rm -f $(DESTDIR)$(mandir)/man3/$$f.3; done; done

# The Python package without the library in it: it loads libbnsl.so.N as the system finds it. pythondir: default where $(PYTHON) looks.
PYTHON    ?= python3
pythondir ?= $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
PYTHON_FILES := $(patsubst $(srcdir)/bindings/python/%,%,$(wildcard $(addprefix $(srcdir)/bindings/python/bnsl/,*.py */*.py py.typed)))
install-python:
	for f in $(PYTHON_FILES); do install -d $(DESTDIR)$(pythondir)/$${f%/*} && \
	  install -m 644 $(srcdir)/bindings/python/$$f $(DESTDIR)$(pythondir)/$$f || exit 1; done
uninstall-python:
	rm -rf $(DESTDIR)$(pythondir)/bnsl
# The wheel for other machines, with the library and what it needs inside: needs pip, auditwheel and patchelf, lands in the folder of the build.
wheel: $(REAL)
	@for m in pip auditwheel; do $(PYTHON) -c "import $$m" 2>/dev/null || { echo "make wheel: $(PYTHON) has no $$m: pip install $$m, or set PYTHON"; exit 1; }; done
	@command -v patchelf >/dev/null || { echo "make wheel: patchelf is not in PATH: apt or pip install patchelf"; exit 1; }
	rm -rf _wheel && mkdir _wheel && cp $(REAL) _wheel/library && strip --strip-debug _wheel/library
	$(PYTHON) -m pip wheel -q --no-deps --no-build-isolation --config-settings=library=$(CURDIR)/_wheel/library -w _wheel $(srcdir)/bindings/python
	$(PYTHON) -m auditwheel repair -w . _wheel/bnsl-*.whl && rm -rf _wheel
check-wheel: wheel
	@sh $(srcdir)/tests/install/wheel.sh "$(srcdir)" $(PYTHON) bnsl-$(VERSION)-py3-none-manylinux*.whl

# ---- release ------------------------------------------------------------------------------------------
DISTDIR := libbnsl-$(VERSION)
DIST = $(shell cd $(srcdir) && git ls-files 2>/dev/null || find . -type f ! -name '*.o' ! -name '*.d') configure
dist: $(srcdir)/configure
	rm -rf $(DISTDIR) && mkdir $(DISTDIR)
	cd $(srcdir) && tar cf - $(DIST) | tar xf - -C $(CURDIR)/$(DISTDIR)
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$${SOURCE_DATE_EPOCH:-0} -czf $(DISTDIR).tar.gz $(DISTDIR) && rm -rf $(DISTDIR)
distcheck: dist
	rm -rf _dc && mkdir _dc && tar xzf $(DISTDIR).tar.gz -C _dc && chmod -R a-w _dc/$(DISTDIR)
	mkdir _dc/b && cd _dc/b && ../$(DISTDIR)/configure --prefix=/p CFLAGS="$(CFLAGS)" CPPFLAGS="$(CPPFLAGS)" LDFLAGS="$(LDFLAGS)" >/dev/null \
	  && $(MAKE) all check && $(MAKE) DESTDIR=$(CURDIR)/_dc/i install && $(MAKE) DESTDIR=$(CURDIR)/_dc/i uninstall
	test -z "`find _dc/i -type f`" && chmod -R u+w _dc && rm -rf _dc && echo "distcheck ok"
clean:
	find libbnsl tools tests bench examples -name '*.[od]' -exec rm -f {} +
	rm -f libbnsl.a libbnsl.so* bnsl $(UNIT) $(SLOW) $(PEERS) $(FUZZ) $(BENCH) $(EXAMPLES) examples/*.mod tests/jsonget tests/write_series
	rm -rf _hdf5 _wheel
distclean: clean
	rm -rf config.mk config.status config.log include/bnsl/version.h pkgconfig/bnsl.pc autom4te.cache

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(TOOL_OBJ) $(SUPPORT_OBJ) $(TEST_OBJ))
