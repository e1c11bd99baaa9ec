# SPDX-License-Identifier: GPL-3.0-or-later
shiming_test(test_lifecycle DEPENDS domain SOURCES test_lifecycle.c)
shiming_test(test_numbers DEPENDS domain SOURCES test_numbers.c)
shiming_test(test_record DEPENDS domain cjson SOURCES test_record.c)
shiming_fuzz(fuzz_record DEPENDS domain cjson SOURCES fuzz_record.c SEEDS seeds/record)
