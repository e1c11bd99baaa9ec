# SPDX-License-Identifier: GPL-3.0-or-later
shiming_test(test_pinyin DEPENDS pinyin SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_pinyin.c)
shiming_fuzz(fuzz_pinyin DEPENDS pinyin SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_pinyin.c SEEDS ${CMAKE_CURRENT_LIST_DIR}/seeds/pinyin)
