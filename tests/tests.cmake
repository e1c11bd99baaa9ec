# SPDX-License-Identifier: GPL-3.0-or-later
# shiming_test(NAME [LABEL quick|long] [TIMEOUT seconds] DEPENDS targets SOURCES files): one cmocka program, one ctest entry.
# Test data: TEST_DATA is the absolute path of tests/data; PROFILE_DIR of src/profile.
function(shiming_test name)
	cmake_parse_arguments(T "" "LABEL;TIMEOUT" "DEPENDS;SOURCES" ${ARGN})
	if(NOT T_LABEL)
		set(T_LABEL quick)
	endif()
	if(NOT T_TIMEOUT)
		set(T_TIMEOUT 120)
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
		ENVIRONMENT "LANG=C.UTF-8;TZ=UTC;SHIMING_LANG=zh;ASAN_OPTIONS=detect_leaks=1:abort_on_error=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
