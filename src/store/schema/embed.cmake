# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the files as C byte arrays: schema_text[i] is the text of schema i + 1.
set(text "/* made from the files of schema/ */\n#include \"migrate.h\"\n\n")
set(names "")
foreach(file ${FILES})
	get_filename_component(name ${file} NAME_WE)
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
	string(APPEND text "static const unsigned char sql_${name}[] = {\n${bytes}0};\n")
	string(APPEND names "\t(const char *)sql_${name},\n")
endforeach()
string(APPEND text "\nconst char *const schema_text[] = {\n${names}};\nconst size_t schema_count = sizeof(schema_text) / sizeof(schema_text[0]);\n")
file(WRITE ${OUT} "${text}")
