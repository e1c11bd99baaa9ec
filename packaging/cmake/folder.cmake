# SPDX-License-Identifier: GPL-3.0-or-later
# How a folder of the tree becomes a target: its own sources, its public headers in <folder>/include, strict warnings.
set(SHIMING_WARNINGS -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
	-Wno-missing-field-initializers)

function(shiming_flags target)
	target_compile_options(${target} PRIVATE ${SHIMING_WARNINGS})
	target_compile_definitions(${target} PRIVATE _GNU_SOURCE _FILE_OFFSET_BITS=64)
	if(SHIMING_FUZZ)
		target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
			-fno-omit-frame-pointer -O1)
		target_link_options(${target} PRIVATE -fsanitize=fuzzer-no-link,address,undefined)
	elseif(SHIMING_SANITIZE)
		target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
		target_link_options(${target} PRIVATE -fsanitize=address,undefined)
	else()
		target_compile_options(${target} PRIVATE -fstack-protector-strong)
		if(CMAKE_BUILD_TYPE MATCHES "Rel")
			target_compile_definitions(${target} PRIVATE _FORTIFY_SOURCE=2)
		endif()
	endif()
endfunction()

# shiming_folder(NAME [DEPENDS other folders, passed on] [LIBRARIES foreign libraries, kept private] SOURCES ...)
# The public headers lie in include/ and are the only thing that dependants see.
function(shiming_folder name)
	cmake_parse_arguments(F "" "" "DEPENDS;LIBRARIES;SOURCES" ${ARGN})
	add_library(${name} STATIC ${F_SOURCES})
	target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	target_link_libraries(${name} PUBLIC ${F_DEPENDS} PRIVATE ${F_LIBRARIES})
	shiming_flags(${name})
endfunction()

function(shiming_program name)
	cmake_parse_arguments(P "" "" "DEPENDS;SOURCES" ${ARGN})
	add_executable(${name} ${P_SOURCES})
	target_link_libraries(${name} PRIVATE ${P_DEPENDS})
	shiming_flags(${name})
	if(NOT SHIMING_SANITIZE AND NOT SHIMING_FUZZ)
		target_sources(${name} PRIVATE $<TARGET_OBJECTS:wipe_free>)
	endif()
endfunction()
