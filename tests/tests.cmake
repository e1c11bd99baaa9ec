# SPDX-License-Identifier: GPL-3.0-or-later
# shiming_test(NAME [LABEL quick|long] [TIMEOUT seconds] DEPENDS targets SOURCES files): one cmocka program, one ctest entry.
# Test data: TEST_DATA is the absolute path of tests/data; PROFILE_DIR of src/profile.
function(shiming_test name)
	cmake_parse_arguments(T "" "LABEL;TIMEOUT" "DEPENDS;SOURCES" ${ARGN})
	if(NOT T_LABEL)
		set(T_LABEL quick)
	endif()
	if(NOT T_TIMEOUT)
		set(T_TIMEOUT 300)
	endif()
	add_executable(${name} ${T_SOURCES})
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
	target_link_libraries(${name} PRIVATE ${T_DEPENDS} cmocka)
	target_compile_definitions(${name} PRIVATE TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
		PROFILE_DIR="${CMAKE_SOURCE_DIR}/src/profile" BIN_DIR="${CMAKE_BINARY_DIR}/bin" LIB_DIR="${CMAKE_BINARY_DIR}/lib")
	shiming_flags(${name})
	add_test(NAME ${name} COMMAND ${name})
	set_tests_properties(${name} PROPERTIES LABELS ${T_LABEL} TIMEOUT ${T_TIMEOUT}
		ENVIRONMENT "LANG=C.UTF-8;TZ=UTC;SHIMING_LANG=zh;SHIMING_WITNESS=${CMAKE_BINARY_DIR}/witness;ASAN_OPTIONS=detect_leaks=1:abort_on_error=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# shiming_fuzz(NAME [LABEL quick|long] DEPENDS targets SOURCES files SEEDS folder): a fuzz target, one per parser. SOURCES define
# LLVMFuzzerTestOneInput. In plain builds it is a test that replays the seeds, cut and changed (fuzz_replay.c); with
# -DSHIMING_FUZZ=ON and clang it is a libFuzzer program in <build>/fuzz: <build>/fuzz/NAME -max_total_time=1200 NEW_DIR SEEDS.
function(shiming_fuzz name)
	cmake_parse_arguments(Z "" "LABEL;SEEDS" "DEPENDS;SOURCES" ${ARGN})
	if(NOT Z_LABEL)
		set(Z_LABEL quick)
	endif()
	get_filename_component(seeds ${Z_SEEDS} ABSOLUTE)
	add_executable(${name} ${Z_SOURCES})
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
	target_link_libraries(${name} PRIVATE ${Z_DEPENDS})
	shiming_flags(${name})
	# the entry points are named and called by the fuzzer: they have no prototype of ours
	target_compile_options(${name} PRIVATE -Wno-missing-prototypes)
	if(SHIMING_FUZZ)
		set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
		return()
	endif()
	target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz_replay.c)
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
	add_test(NAME ${name} COMMAND ${name} ${seeds})
	set_tests_properties(${name} PROPERTIES LABELS ${Z_LABEL} TIMEOUT 300
		ENVIRONMENT "LANG=C.UTF-8;TZ=UTC;SHIMING_LANG=zh;ASAN_OPTIONS=detect_leaks=1:abort_on_error=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
