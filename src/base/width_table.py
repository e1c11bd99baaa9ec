#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes width_table.h from Python's unicodedata (Unicode Character Database: East_Asian_Width, General_Category).
# Run by hand when a new Unicode version is wanted: python3 src/base/width_table.py > src/base/width_table.h
import unicodedata as u

# EastAsianWidth.txt, header: code points of these blocks and planes are wide even where nothing is assigned yet.
ALWAYS_WIDE = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]


def kind(cp):
    """Z: takes no column, W: two columns, A: ambiguous, None: one column."""
    c = chr(cp)
    cat = u.category(c)
    if cat in ('Cc', 'Zl', 'Zp'):
        return 'Z'
    if 0x1160 <= cp <= 0x11FF or 0xD7B0 <= cp <= 0xD7FF:  # Hangul vowels and finals join the syllable before them
        return 'Z'
    if cp in (0x00AD,) or 0x0600 <= cp <= 0x0605 or cp in (0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD):
        return None  # soft hyphen and signs that stand before numbers are drawn
    if cat in ('Mn', 'Me', 'Cf'):
        return 'Z'
    if any(a <= cp <= b for a, b in ALWAYS_WIDE) or u.east_asian_width(c) in 'WF':
        return 'W'
    if u.east_asian_width(c) == 'A':
        return 'A'
    return None


def table(name, want):
    print('static const struct range %s[] = {' % name)
    row, start = [], None
    for cp in list(range(0x110000)) + [None]:
        inside = cp is not None and not 0xD800 <= cp <= 0xDFFF and kind(cp) == want
        if inside and start is None:
            start = cp
        if not inside and start is not None:
            end = (cp if cp is not None else 0x110000) - 1
            row.append('{0x%04X, 0x%04X},' % (start, end))
            start = None
    for i in range(0, len(row), 5):
        print('\t' + ' '.join(row[i:i + 5]))
    print('};')


print('/* SPDX-License-Identifier: GPL-3.0-or-later */')
print('/* Written by width_table.py from the Unicode Character Database %s; not edited by hand. Sorted, disjoint. */'
      % u.unidata_version)
for n, k in (('no_width', 'Z'), ('wide', 'W'), ('ambiguous', 'A')):
    table(n, k)
