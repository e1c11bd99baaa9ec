# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -D FROM=file -D TO=file.c -D NAME=symbol -P embed.cmake: the bytes of a file as a C array, symbol and symbol_size.
file(READ ${FROM} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REPEAT "0x..," 16 row)
string(REGEX REPLACE "${row}" "\t\\0\n" bytes "${bytes}")
file(WRITE ${TO} "/* Made by embed.cmake; not edited by hand. */\n#include <stddef.h>\n\n"
	"extern const unsigned char ${NAME}[];\nextern const size_t ${NAME}_size;\n\n"
	"const unsigned char ${NAME}[] = {\n${bytes}};\nconst size_t ${NAME}_size = sizeof(${NAME});\n")
