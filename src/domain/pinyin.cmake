# SPDX-License-Identifier: GPL-3.0-or-later
# Target pinyin, linked by domain: names' readings. Its table is written at build time by a program that links ICU.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-i18n icu-uc)

add_executable(pinyin_gen ${CMAKE_CURRENT_LIST_DIR}/pinyin_gen.c)
target_link_libraries(pinyin_gen PRIVATE PkgConfig::ICU)
target_include_directories(pinyin_gen PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_compile_options(pinyin_gen PRIVATE ${SHIMING_WARNINGS})
set_target_properties(pinyin_gen PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})

set(table ${CMAKE_CURRENT_BINARY_DIR}/pinyin_table.c)
add_custom_command(OUTPUT ${table} COMMAND pinyin_gen > ${table} DEPENDS pinyin_gen COMMENT "Pinyin table from ICU" VERBATIM)
add_library(pinyin STATIC ${CMAKE_CURRENT_LIST_DIR}/pinyin.c ${table})
target_include_directories(pinyin PUBLIC ${CMAKE_CURRENT_LIST_DIR}/include PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(pinyin PUBLIC base)
shiming_flags(pinyin)
