/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/pcsc.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <PCSC/reader.h>
#include <PCSC/winscard.h>

#include "base/text.h"
#include "reader/plugged.h"
#include "reader/samv_apdu.h"
#include "reader/samv_failure.h"

#define PNP_READER "\\\\?PnP?\\Notification"
#define ANSWER_MAX 4096        /* always more than any answer: too small a buffer loses it after the command has run */
#define RELIST_MS 1000         /* how often readers are listed again where the service does not tell of new ones */
#define STATE_EVERY_MS 2000    /* how often an idle reader of ours is asked for its state */
#define SERVICE_RETRY_MS 500   /* pace while the service is away */
#define LIFT_MS 600            /* pcscd looks for a card every 400 ms */
#define PLUGGED_MS 3000        /* what was plugged in and is no reader after so long will not become one */
#define REPORT_LOOKS 8
#define REPORT_LOOK_MS 500
#define PROTOCOLS (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1) /* always the same: a card stays with what it was used with */

struct slot {
	struct seat seat;
	DWORD state;             /* as SCardGetStatusChange last gave it */
	unsigned char atr[MAX_ATR_SIZE];
	DWORD atr_len;
	bool asked_kind;
	int64_t state_due;       /* steady ms of the next question for its state */
};

struct pcsc {
	SCARDCONTEXT context;
	bool open;
	bool no_pnp;             /* the service does not tell of new readers */
	unsigned idle_pnp;       /* how often it told of new readers and there were none: it cannot be relied on */
	bool handed_out;         /* at least one snapshot was handed out since the service was found */
	struct slot slot[SEATS_MAX];
	size_t n;
	struct plugged plugged;  /* what may keep a reader from being one */
	int64_t plugged_since;   /* steady ms */
	enum err_code why;       /* of `plugged`, once it has lasted */
};

/* --- codes --- */

static const struct cause {
	LONG scard;
	enum err_code code;
} causes[] = {
	{ SCARD_F_INTERNAL_ERROR, ERR_INTERNAL },
	{ SCARD_E_CANCELLED, ERR_INTERNAL },
	{ SCARD_E_INVALID_HANDLE, ERR_CARD_SERVICE },
	{ SCARD_E_INVALID_PARAMETER, ERR_INTERNAL },
	{ SCARD_E_INVALID_TARGET, ERR_INTERNAL },
	{ SCARD_E_NO_MEMORY, ERR_MEMORY },
	{ SCARD_F_WAITED_TOO_LONG, ERR_CARD_LINE },
	{ SCARD_E_INSUFFICIENT_BUFFER, ERR_INTERNAL },
	{ SCARD_E_UNKNOWN_READER, ERR_CARD_READER_GONE },
	{ SCARD_E_TIMEOUT, ERR_CARD_LINE },
	{ SCARD_E_SHARING_VIOLATION, ERR_CARD_READER_BUSY },
	{ SCARD_E_NO_SMARTCARD, ERR_CARD_REMOVED },
	{ SCARD_E_UNKNOWN_CARD, ERR_CARD_UNREADABLE },
	{ SCARD_E_CANT_DISPOSE, ERR_CARD_LINE },
	{ SCARD_E_PROTO_MISMATCH, ERR_CARD_UNREADABLE },
	{ SCARD_E_NOT_READY, ERR_CARD_LINE },
	{ SCARD_E_INVALID_VALUE, ERR_INTERNAL },
	{ SCARD_E_SYSTEM_CANCELLED, ERR_CARD_SERVICE },
	{ SCARD_F_COMM_ERROR, ERR_CARD_SERVICE },
	{ SCARD_F_UNKNOWN_ERROR, ERR_INTERNAL },
	{ SCARD_E_INVALID_ATR, ERR_CARD_UNREADABLE },
	{ SCARD_E_NOT_TRANSACTED, ERR_CARD_LINE },
	{ SCARD_E_READER_UNAVAILABLE, ERR_CARD_READER_GONE },
	{ SCARD_P_SHUTDOWN, ERR_CARD_SERVICE },
	{ SCARD_E_PCI_TOO_SMALL, ERR_INTERNAL },
	{ SCARD_E_READER_UNSUPPORTED, ERR_CARD_NO_DRIVER },
	{ SCARD_E_DUPLICATE_READER, ERR_INTERNAL },
	{ SCARD_E_CARD_UNSUPPORTED, ERR_CARD_UNREADABLE },
	{ SCARD_E_NO_SERVICE, ERR_CARD_SERVICE },
	{ SCARD_E_SERVICE_STOPPED, ERR_CARD_SERVICE },
	{ SCARD_E_UNSUPPORTED_FEATURE, ERR_CARD_UNREADABLE }, /* the number of SCARD_E_UNEXPECTED, too */
	{ SCARD_E_ICC_INSTALLATION, ERR_INTERNAL },
	{ SCARD_E_ICC_CREATEORDER, ERR_INTERNAL },
	{ SCARD_E_DIR_NOT_FOUND, ERR_CARD_UNREADABLE },
	{ SCARD_E_FILE_NOT_FOUND, ERR_CARD_UNREADABLE },
	{ SCARD_E_NO_DIR, ERR_CARD_UNREADABLE },
	{ SCARD_E_NO_FILE, ERR_CARD_UNREADABLE },
	{ SCARD_E_NO_ACCESS, ERR_CARD_REFUSED_SERVICE },
	{ SCARD_E_WRITE_TOO_MANY, ERR_CARD_UNREADABLE },
	{ SCARD_E_BAD_SEEK, ERR_CARD_UNREADABLE },
	{ SCARD_E_INVALID_CHV, ERR_CARD_UNREADABLE },
	{ SCARD_E_UNKNOWN_RES_MNG, ERR_CARD_SERVICE },
	{ SCARD_E_NO_SUCH_CERTIFICATE, ERR_INTERNAL },
	{ SCARD_E_CERTIFICATE_UNAVAILABLE, ERR_INTERNAL },
	{ SCARD_E_NO_READERS_AVAILABLE, ERR_CARD_NO_READER },
	{ SCARD_E_COMM_DATA_LOST, ERR_CARD_LINE },
	{ SCARD_E_NO_KEY_CONTAINER, ERR_INTERNAL },
	{ SCARD_E_SERVER_TOO_BUSY, ERR_CARD_SERVICE },
	{ SCARD_W_UNSUPPORTED_CARD, ERR_CARD_UNREADABLE },
	{ SCARD_W_UNRESPONSIVE_CARD, ERR_CARD_UNREADABLE },
	{ SCARD_W_UNPOWERED_CARD, ERR_CARD_UNREADABLE },
	{ SCARD_W_RESET_CARD, ERR_CARD_LINE },
	{ SCARD_W_REMOVED_CARD, ERR_CARD_REMOVED },
	{ SCARD_W_SECURITY_VIOLATION, ERR_CARD_REFUSED_SERVICE },
	{ SCARD_W_WRONG_CHV, ERR_CARD_UNREADABLE },
	{ SCARD_W_CHV_BLOCKED, ERR_CARD_UNREADABLE },
	{ SCARD_W_EOF, ERR_CARD_UNREADABLE },
	{ SCARD_W_CANCELLED_BY_USER, ERR_INTERNAL },
	{ SCARD_W_CARD_NOT_AUTHENTICATED, ERR_CARD_UNREADABLE },
};

enum err_code pcsc_cause(long scard_code)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		if (causes[i].scard == (LONG)scard_code)
			return causes[i].code;
	}
	return ERR_INTERNAL;
}

static int failed(struct err *e, const char *doing, LONG rv)
{
	return err_set(e, pcsc_cause(rv), "%s: %08lX", doing, (unsigned long)rv & 0xFFFFFFFFul);
}

/* The library says "security violation" for a service that ended under an open context as well; a refusal
 * comes before one. */
static int lost_service(struct err *e, const char *doing, LONG rv)
{
	return failed(e, doing, rv == SCARD_W_SECURITY_VIOLATION ? SCARD_E_NO_SERVICE : rv);
}

static bool contactless(const unsigned char *atr, size_t n)
{
	return n >= 4 && atr[0] == 0x3B && (atr[1] & 0xF0) == 0x80 && atr[2] == 0x80 && atr[3] == 0x01;
}

static bool serves_pages(const unsigned char *atr, size_t n)
{
	return n >= 15 && atr[13] == 0x90 && atr[14] == 0x00;
}

static bool is_ours(const unsigned char *atr, size_t n)
{
	static const unsigned char ours[SAMV_ATR_LEN] = SAMV_ATR;

	return n == sizeof(ours) && memcmp(atr, ours, sizeof(ours)) == 0;
}

/* --- commands --- */

struct answer {
	unsigned char bytes[ANSWER_MAX];
	DWORD len;                      /* data, the status word taken off */
	unsigned sw;
};

static void split_status(struct answer *a, DWORD got)
{
	if (got < 2) {
		a->len = 0;
		a->sw = 0;
		return;
	}
	a->len = got - 2;
	a->sw = (unsigned)a->bytes[got - 2] << 8 | a->bytes[got - 1];
}

static LONG transmit(SCARDHANDLE card, DWORD protocol, const unsigned char apdu[5], struct answer *a)
{
	const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
	SCARD_IO_REQUEST back = *pci;
	DWORD got = sizeof(a->bytes);
	LONG rv = SCardTransmit(card, pci, apdu, 5, &back, a->bytes, &got);

	split_status(a, rv == SCARD_S_SUCCESS ? got : 0);
	return rv;
}

/* A command to the reader itself; no card needed. */
static LONG control(SCARDHANDLE card, enum samv_p1 p1, struct answer *a)
{
	const unsigned char apdu[5] = { SAMV_CLA, SAMV_INS, (unsigned char)p1, 0, 0 };
	DWORD got = 0;
	LONG rv = SCardControl(card, SCARD_CTL_CODE(SAMV_CONTROL_CODE), apdu, sizeof(apdu), a->bytes, sizeof(a->bytes),
			       &got);

	split_status(a, rv == SCARD_S_SUCCESS ? got : 0);
	return rv;
}

/* --- what a reader is, and how it does --- */

static uint32_t le(const unsigned char *p, size_t n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

/* AA.BB-C-DDDDDDDDDD-EEEEEEEEEE, little-endian u16 u16 u32 u32 u32. */
static void module_number(struct seat *seat, const struct answer *a)
{
	const unsigned char *p = a->bytes;

	if (a->sw != 0x9000 || a->len != 16)
		return;
	text_format(seat->module, sizeof(seat->module), "%02u.%02u-%u-%010u-%010u", (unsigned)le(p, 2),
		    (unsigned)le(p + 2, 2), (unsigned)le(p + 4, 4), (unsigned)le(p + 8, 4), (unsigned)le(p + 12, 4));
}

static bool vendor_is_ours(SCARDHANDLE card)
{
	unsigned char name[MAX_BUFFER_SIZE] = "";
	DWORD len = sizeof(name);

	if (SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, name, &len) != SCARD_S_SUCCESS)
		return false;
	return len >= strlen(SAMV_VENDOR) && memcmp(name, SAMV_VENDOR, strlen(SAMV_VENDOR)) == 0;
}

static void ask_state(struct slot *slot, SCARDHANDLE card)
{
	struct answer a;

	if (control(card, SAMV_STATE, &a) != SCARD_S_SUCCESS || a.sw != 0x9000 || a.len < 2)
		return;
	slot->seat.trouble = samv_state_cause(a.bytes[1]);
	if (slot->seat.trouble == ERR_NONE && !*slot->seat.module && control(card, SAMV_NUMBER, &a) == SCARD_S_SUCCESS)
		module_number(&slot->seat, &a);
}

/* One connection without a card: whose reader is it, and if ours, how is it? Busy is no answer; it is asked
 * again. */
static void ask_reader(struct pcsc *p, struct slot *slot)
{
	SCARDHANDLE card;
	DWORD protocol;

	slot->state_due = clock_steady_ms() + STATE_EVERY_MS;
	if (slot->asked_kind && slot->seat.kind != CARD_READER_SAMV)
		return;
	if (SCardConnect(p->context, slot->seat.name, SCARD_SHARE_DIRECT, 0, &card, &protocol) != SCARD_S_SUCCESS)
		return;
	if (!slot->asked_kind && vendor_is_ours(card))
		slot->seat.kind = CARD_READER_SAMV;
	slot->asked_kind = true;
	if (slot->seat.kind == CARD_READER_SAMV)
		ask_state(slot, card);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void judge_card(struct slot *slot)
{
	struct seat *seat = &slot->seat;

	seat->card = false;
	if (!(slot->state & SCARD_STATE_PRESENT))
		return;
	if (is_ours(slot->atr, slot->atr_len))
		seat->kind = CARD_READER_SAMV;
	else if (serves_pages(slot->atr, slot->atr_len))
		seat->kind = CARD_READER_PAGES;
	else if (seat->kind != CARD_READER_SAMV && contactless(slot->atr, slot->atr_len))
		seat->kind = CARD_READER_PLAIN;
	else if (seat->kind != CARD_READER_SAMV)
		return;
	seat->card = true;
}

static void take_state(struct slot *slot, const SCARD_READERSTATE *now)
{
	slot->state = now->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	slot->atr_len = now->cbAtr <= sizeof(slot->atr) ? now->cbAtr : 0;
	memcpy(slot->atr, now->rgbAtr, slot->atr_len);
	/* The upper half counts insertions and removals alike: two of them are one card more. */
	slot->seat.arrivals = (unsigned)(slot->state >> 16 & 0xFFFF) / 2;
	if (slot->state & SCARD_STATE_UNAVAILABLE)
		slot->seat.trouble = ERR_CARD_READER_GONE;
	else if (slot->state & SCARD_STATE_EXCLUSIVE)
		slot->seat.trouble = ERR_CARD_READER_BUSY;
	else if (slot->seat.kind != CARD_READER_SAMV || slot->seat.card || (slot->state & SCARD_STATE_PRESENT))
		slot->seat.trouble = ERR_NONE;
	judge_card(slot);
}

/* --- the list of readers --- */

static struct slot *find_slot(struct slot *slots, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(slots[i].seat.name, name) == 0)
			return &slots[i];
	}
	return NULL;
}

static void adopt(struct pcsc *p, const char *multi, bool *changed)
{
	struct slot next[SEATS_MAX];
	size_t n = 0;

	for (const char *name = multi; *name && n < SEATS_MAX; name += strlen(name) + 1) {
		struct slot *old = find_slot(p->slot, p->n, name);

		if (old) {
			next[n] = *old;
		} else {
			next[n] = (struct slot){ .state = SCARD_STATE_UNAWARE };
			text_copy(next[n].seat.name, sizeof(next[n].seat.name), name);
			*changed = true;
		}
		n++;
	}
	*changed = *changed || n != p->n;
	if (*changed)
		p->idle_pnp = 0;
	memcpy(p->slot, next, n * sizeof(next[0]));
	p->n = n;
}

static int list(struct pcsc *p, bool *changed, struct err *e)
{
	char multi[SEATS_MAX * (MAX_READERNAME + 1) + 2] = "";
	DWORD len = sizeof(multi) - 2;
	LONG rv = SCardListReaders(p->context, NULL, multi, &len);

	if (rv == SCARD_E_NO_READERS_AVAILABLE)
		multi[0] = multi[1] = '\0';
	else if (rv != SCARD_S_SUCCESS)
		return lost_service(e, "SCardListReaders", rv);
	adopt(p, multi, changed);
	return 0;
}

/* --- the service --- */

static void lose(struct pcsc *p)
{
	if (p->open)
		SCardReleaseContext(p->context);
	p->open = p->handed_out = p->no_pnp = false;
	p->idle_pnp = 0;
	p->n = 0;
	p->plugged = (struct plugged){ .cause = ERR_NONE };
	p->why = ERR_NONE;
}

static int find_service(struct pcsc *p, struct err *e)
{
	LONG rv;

	if (p->open)
		return 0;
	rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &p->context);
	/* "Stopped" comes from a service that runs: it does not speak the library's version (pcsc-lite, CMD_VERSION). */
	if (rv == SCARD_E_SERVICE_STOPPED)
		return err_set(e, ERR_CARD_VERSION, "SCardEstablishContext: %08lX", (unsigned long)rv & 0xFFFFFFFFul);
	if (rv != SCARD_S_SUCCESS)
		return failed(e, "SCardEstablishContext", rv);
	p->open = true;
	return 0;
}

static size_t fill_states(const struct pcsc *p, SCARD_READERSTATE *states)
{
	size_t n = 0;

	memset(states, 0, (SEATS_MAX + 1) * sizeof(*states));
	for (; n < p->n; n++) {
		states[n].szReader = p->slot[n].seat.name;
		states[n].dwCurrentState = p->slot[n].state;
	}
	if (!p->no_pnp) {
		states[n].szReader = PNP_READER;
		states[n].dwCurrentState = (DWORD)p->n << 16;
		n++;
	}
	return n;
}

static void take_states(struct pcsc *p, const SCARD_READERSTATE *states, size_t n, bool *changed)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!(states[i].dwEventState & SCARD_STATE_CHANGED))
			continue;
		take_state(&p->slot[i], &states[i]);
		*changed = true;
	}
	if (n == p->n)
		return;
	if (states[p->n].dwEventState & SCARD_STATE_CHANGED)
		p->idle_pnp++;
	if (states[p->n].dwEventState & SCARD_STATE_UNKNOWN || p->idle_pnp > 3)
		p->no_pnp = true;
}

/* Asks where it is due: readers not yet known, and idle ones of ours. */
static void ask_idle(struct pcsc *p, bool *changed)
{
	for (size_t i = 0; i < p->n; i++) {
		struct slot *slot = &p->slot[i];
		struct seat before = slot->seat;

		if (slot->seat.card || slot->state & (SCARD_STATE_EXCLUSIVE | SCARD_STATE_UNAVAILABLE))
			continue;
		if (slot->asked_kind && clock_steady_ms() < slot->state_due)
			continue;
		ask_reader(p, slot);
		if (before.trouble != slot->seat.trouble || before.kind != slot->seat.kind ||
		    strcmp(before.module, slot->seat.module) != 0)
			*changed = true;
	}
}

static int wait_once(struct pcsc *p, int timeout_ms, bool *changed, struct err *e)
{
	SCARD_READERSTATE states[SEATS_MAX + 1];
	size_t n;
	LONG rv;

	if (list(p, changed, e) < 0)
		return -1;
	n = fill_states(p, states);
	if (n == 0) {
		poll(NULL, 0, timeout_ms);
		return 0;
	}
	rv = SCardGetStatusChange(p->context, *changed ? 0 : (DWORD)timeout_ms, states, (DWORD)n);
	if (rv == SCARD_E_UNKNOWN_READER || rv == SCARD_E_READER_UNAVAILABLE)
		return 0; /* it went in between: listed anew in the next round */
	if (rv != SCARD_S_SUCCESS && rv != SCARD_E_TIMEOUT)
		return lost_service(e, "SCardGetStatusChange", rv);
	take_states(p, states, n, changed);
	return 0;
}

/* Whether one of ours is there; one that could not be asked yet may be. */
static bool have_module(const struct pcsc *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->slot[i].seat.kind == CARD_READER_SAMV || !p->slot[i].asked_kind)
			return true;
	}
	return false;
}

static void look_plugged(struct pcsc *p, bool *changed)
{
	const char *root = plugged_root();
	struct plugged now = { .cause = ERR_NONE };
	enum err_code why;

	if (root && !have_module(p))
		plugged_look(&now, root, p->n > 0, false);
	if (now.cause != p->plugged.cause || now.vendor != p->plugged.vendor || now.product != p->plugged.product)
		p->plugged_since = clock_steady_ms();
	p->plugged = now;
	why = clock_steady_ms() - p->plugged_since >= PLUGGED_MS ? now.cause : ERR_NONE;
	*changed = *changed || why != p->why;
	p->why = why;
}

static void hand_out(struct pcsc *p, struct seats *out)
{
	out->n = p->n;
	out->why = p->why;
	out->settling = p->plugged.cause != ERR_NONE && p->why == ERR_NONE;
	if (p->why != ERR_NONE)
		text_format(out->why_detail, sizeof(out->why_detail), "%04X:%04X %s", p->plugged.vendor, p->plugged.product,
			    p->plugged.what);
	for (size_t i = 0; i < p->n; i++)
		out->seat[i] = p->slot[i].seat;
	p->handed_out = true;
}

static int pcsc_wait(void *self, int timeout_ms, struct seats *out, struct err *e)
{
	struct pcsc *p = self;
	int64_t until = clock_steady_ms() + timeout_ms, left;
	bool changed = false;

	if (find_service(p, e) < 0)
		goto lost;
	changed = !p->handed_out;
	do {
		left = until - clock_steady_ms();
		if (left > RELIST_MS)
			left = RELIST_MS;
		if (wait_once(p, left > 0 ? (int)left : 0, &changed, e) < 0)
			goto lost;
		ask_idle(p, &changed);
		look_plugged(p, &changed);
	} while (!changed && clock_steady_ms() < until);
	hand_out(p, out);
	return 0;
lost:
	lose(p);
	poll(NULL, 0, timeout_ms < SERVICE_RETRY_MS ? timeout_ms : SERVICE_RETRY_MS);
	return -1;
}

/* --- support report --- */

static void report_frame(const unsigned char *row, struct buf *out)
{
	static const char *const lines[] = { "answered", "line closed", "no answer", "garbled" };
	unsigned line = row[2] < ARRAY_LEN(lines) ? row[2] : 3;

	buf_addf(out, "  frame %02X %02X %s", row[0], row[1], lines[line]);
	if (line == 0)
		buf_addf(out, " status=%02X bytes=%u", row[3], (unsigned)le(row + 4, 2));
	buf_addf(out, " ms=%u\n", (unsigned)le(row + 6, 2));
}

static void report_seat(const struct slot *slot, struct buf *out)
{
	const struct seat *seat = &slot->seat;

	buf_addf(out, "reader \"%s\" kind=%s state=%s present=%s module=%s\n", seat->name, card_reader_kind_name(seat->kind),
		 seat->trouble ? err_name(seat->trouble) : "ready", slot->state & SCARD_STATE_PRESENT ? "yes" : "no",
		 *seat->module ? seat->module : "-");
}

static void report_module(SCARDHANDLE card, struct slot *slot, struct buf *out)
{
	struct answer a;

	/* while a card lies there it was not asked yet */
	if (!*slot->seat.module && control(card, SAMV_NUMBER, &a) == SCARD_S_SUCCESS)
		module_number(&slot->seat, &a);
	report_seat(slot, out);
	if (control(card, SAMV_STATE, &a) == SCARD_S_SUCCESS && a.sw == 0x9000 && a.len >= 3)
		buf_addf(out, "  interface=%u state=%u module_status=%02X\n", a.bytes[0], a.bytes[1], a.bytes[2]);
	if (control(card, SAMV_TRACE, &a) != SCARD_S_SUCCESS || a.sw != 0x9000)
		return;
	for (DWORD i = 0; i + SAMV_TRACE_BYTES <= a.len; i += SAMV_TRACE_BYTES)
		report_frame(a.bytes + i, out);
}

static void report_reader(struct pcsc *p, struct slot *slot, struct buf *out)
{
	SCARDHANDLE card;
	DWORD protocol;
	LONG rv = SCARD_S_SUCCESS;

	if (slot->seat.kind == CARD_READER_SAMV) {
		rv = SCardConnect(p->context, slot->seat.name, SCARD_SHARE_DIRECT, 0, &card, &protocol);
		if (rv == SCARD_S_SUCCESS) {
			report_module(card, slot, out);
			SCardDisconnect(card, SCARD_LEAVE_CARD);
			return;
		}
	}
	report_seat(slot, out);
	if (rv != SCARD_S_SUCCESS)
		buf_addf(out, "  not connected: %08lX\n", (unsigned long)rv & 0xFFFFFFFFul);
}

int pcsc_report(struct card_source *source, struct buf *out, struct err *e)
{
	struct pcsc *p = source->self;
	struct seats seats;
	int rc = -1;

	buf_addf(out, "libpcsclite %s\n", PCSCLITE_VERSION_NUMBER);
	for (int i = 0; i < REPORT_LOOKS && (rc = pcsc_wait(p, REPORT_LOOK_MS, &seats, e)) == 0 && seats.settling; i++)
		;
	if (rc < 0) {
		buf_addf(out, "service %s %s\n", err_name(e->code), e->detail);
		return -1;
	}
	buf_addf(out, "service ready, %zu readers\n", seats.n);
	if (seats.why != ERR_NONE)
		buf_addf(out, "plugged %s %s\n", err_name(seats.why), seats.why_detail);
	for (size_t i = 0; i < p->n; i++)
		report_reader(p, &p->slot[i], out);
	return 0;
}

/* --- reading --- */

static int read_samv(SCARDHANDLE card, DWORD protocol, bool again, struct card_raw *out, struct err *e)
{
	static const unsigned char apdu[5] = { SAMV_CLA, SAMV_INS, SAMV_READ, 0, 0 };
	struct answer a;
	LONG rv = transmit(card, protocol, apdu, &a);
	int rc = 0;

	if (rv != SCARD_S_SUCCESS)
		rc = failed(e, "SCardTransmit", rv);
	else if (a.sw != 0x9000)
		rc = samv_failure(e, a.bytes, a.len, a.sw, again);
	else if (!card_raw_parse(out, a.bytes, a.len))
		rc = err_set(e, ERR_CARD_CONTENT, "%lu bytes do not add up", (unsigned long)a.len);
	wipe(&a, sizeof(a));
	return rc;
}

/* FF B0 PP 00 00, page after page until the stream is whole. */
static int read_pages(SCARDHANDLE card, DWORD protocol, struct card_raw *out, struct err *e)
{
	enum card_pages_result result = CARD_PAGES_MORE;
	struct card_pages pages = { .have = 0 };
	struct answer a = { .len = 0 };
	int rc = 0;

	for (unsigned page = 0; rc == 0 && result == CARD_PAGES_MORE; page++) {
		const unsigned char apdu[5] = { 0xFF, 0xB0, (unsigned char)page, 0, 0 };
		LONG rv = transmit(card, protocol, apdu, &a);

		if (rv != SCARD_S_SUCCESS)
			rc = failed(e, "SCardTransmit", rv);
		else if (a.sw != 0x9000)
			rc = err_set(e, ERR_CARD_UNREADABLE, "page %u: status word %04X", page, a.sw);
		else
			result = card_pages_add(&pages, a.bytes, a.len);
	}
	if (rc == 0 && (result != CARD_PAGES_DONE || !card_raw_parse(out, pages.stream, pages.have)))
		rc = err_set(e, ERR_CARD_CONTENT, "pages do not add up at %zu bytes", pages.have);
	wipe(&a, sizeof(a));
	wipe(&pages, sizeof(pages));
	return rc;
}

/* The other clients stay out between the first and the last command; what they left selected does not matter
 * to us. */
static int read_connected(SCARDHANDLE card, DWORD protocol, enum card_reader_kind kind, bool again,
			  struct card_raw *out, struct err *e)
{
	LONG rv = SCardBeginTransaction(card);
	int rc;

	if (rv == SCARD_W_RESET_CARD) {
		rv = SCardReconnect(card, SCARD_SHARE_SHARED, PROTOCOLS, SCARD_LEAVE_CARD, &protocol);
		if (rv == SCARD_S_SUCCESS)
			rv = SCardBeginTransaction(card);
	}
	if (rv != SCARD_S_SUCCESS)
		return failed(e, "SCardBeginTransaction", rv);
	if (kind == CARD_READER_SAMV)
		rc = read_samv(card, protocol, again, out, e);
	else
		rc = read_pages(card, protocol, out, e);
	SCardEndTransaction(card, SCARD_LEAVE_CARD);
	return rc;
}

/* A reader that is no SAM_V says "not transacted" for a card that was lifted under a command; the service knows a moment later. */
static bool lifted(struct pcsc *p, const struct slot *slot)
{
	SCARD_READERSTATE now = { .szReader = slot->seat.name, .dwCurrentState = slot->state };

	return SCardGetStatusChange(p->context, LIFT_MS, &now, 1) == SCARD_S_SUCCESS &&
	       (now.dwEventState & ~(DWORD)SCARD_STATE_CHANGED) != slot->state &&
	       (!(now.dwEventState & SCARD_STATE_PRESENT) || (now.dwEventState ^ slot->state) >> 16);
}

static int pcsc_read(void *self, const char *reader, bool again, struct card_raw *out, struct err *e)
{
	struct pcsc *p = self;
	struct slot *slot = find_slot(p->slot, p->n, reader);
	SCARDHANDLE card;
	DWORD protocol;
	LONG rv;
	int rc;

	if (!p->open || !slot)
		return err_set(e, ERR_CARD_READER_GONE, "the reader is gone");
	if (slot->seat.kind == CARD_READER_PLAIN)
		return err_set(e, ERR_CARD_NO_MODULE, "a contactless reader without an identity module");
	rv = SCardConnect(p->context, reader, SCARD_SHARE_SHARED, PROTOCOLS, &card, &protocol);
	if (rv != SCARD_S_SUCCESS)
		return failed(e, "SCardConnect", rv);
	rc = read_connected(card, protocol, slot->seat.kind, again, out, e);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	if (rc < 0 && e->code == ERR_CARD_LINE && slot->seat.kind == CARD_READER_PAGES && lifted(p, slot))
		e->code = ERR_CARD_REMOVED;
	return rc;
}

static void pcsc_close(void *self)
{
	struct pcsc *p = self;

	if (!p)
		return;
	lose(p);
	free(p);
}

int pcsc_open(struct card_source *out, struct err *e)
{
	static const struct card_source_ops ops = { .wait = pcsc_wait, .read = pcsc_read, .close = pcsc_close };
	struct pcsc *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_MEMORY, NULL);
	*out = (struct card_source){ .ops = &ops, .self = p };
	return 0;
}
