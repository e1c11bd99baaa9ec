/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libifdsamv.so: SAM_V modules as PC/SC readers (IFD handler 3.0). pcscd's door; everything behind it is in
 * module.c and apdu.c.
 *
 * Rules kept here: creating a channel succeeds while the device is missing, or it would never come; a missing
 * device is an empty reader; IFD_NO_SUCH_DEVICE is returned for nothing but those interfaces of a USB device behind which there
 * is no module, because pcscd 1.9.9 otherwise signals whatever process its pid file names (a USB device that was unplugged is
 * reported to it by udev); one lock a reader, so that the look for a card never falls
 * between select and read; presence is answered from memory.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <PCSC/wintypes.h>
#include <PCSC/pcsclite.h>
#include <PCSC/reader.h>
#include <PCSC/ifdhandler.h>

#include "apdu.h"
#include "device_name.h"
#include "usb.h"
#include "usb_device.h"

#define EXPORT __attribute__((visibility("default")))
#define READERS 16
#define LOOK_EMPTY_MS 30    /* pause between looks: a card is to be seen within 50 ms, find and the way to the program included */
#define LOOK_FULL_MS 150    /* a card that lies there is not disturbed more often than its going is to be noticed */
#define LOOKER_LOST_MS 3000 /* nobody has looked for so long: presence looks itself */

struct reader {
	bool used;
	pthread_mutex_t lock;       /* around module */
	struct serial serial;
	struct usb usb;
	struct usb_device *device;  /* NULL: a serial line */
	struct module module;
	char where[SERIAL_PATH];    /* for pcscd's log */
	enum samv_state told;       /* state written to pcscd's log last */
	atomic_bool present;        /* as the last look found it */
	atomic_llong looked_at;     /* steady ms */
	bool looked;                /* by the polling thread, at least once */
	int wake;                   /* eventfd */
};

static struct reader readers[READERS];
static pthread_mutex_t readers_lock = PTHREAD_MUTEX_INITIALIZER;

/* pcscd's log; weak, so that tests may load the driver without pcscd. */
extern void log_msg(const int priority, const char *fmt, ...) __attribute__((weak, format(printf, 2, 3)));
#define LOG_PRIORITY_INFO 1
#define LOG_PRIORITY_ERROR 2

static struct reader *reader_of(DWORD lun)
{
	size_t i = lun >> 16;

	return i < READERS && readers[i].used ? &readers[i] : NULL;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell_state(struct reader *r)
{
	static const char *const words[] = {
		[SAMV_READY] = "module ready",
		[SAMV_ABSENT] = "no such device",
		[SAMV_HELD] = "held by another program",
		[SAMV_DENIED] = "no permission",
		[SAMV_SILENT] = "no module answers",
		[SAMV_FAULT] = "module fault: self-test failed or not authorised",
	};

	if (r->module.state == r->told)
		return;
	r->told = r->module.state;
	if (log_msg)
		log_msg(r->told == SAMV_READY || r->told == SAMV_ABSENT ? LOG_PRIORITY_INFO : LOG_PRIORITY_ERROR,
			"SAM_V %s: %s", r->where, words[r->told]);
}

/* Caller holds the lock. */
static bool look(struct reader *r)
{
	bool present = module_look(&r->module);

	tell_state(r);
	atomic_store(&r->looked_at, now_ms());
	atomic_store(&r->present, present);
	return present;
}

/* --- the polling thread --- */

/* pcscd wakes the thread not only at the end but at every disconnect, so a wake-up is used up. */
static bool woken(const struct reader *r, int ms)
{
	struct pollfd p = { .fd = r->wake, .events = POLLIN };
	uint64_t count;

	return poll(&p, 1, ms) > 0 && read(r->wake, &count, sizeof(count)) > 0;
}

/* Returns when the card came or went, or after timeout ms. pcscd calls it again and again from a thread of
 * its own. */
static RESPONSECODE wait_for_change(DWORD lun, int timeout)
{
	struct reader *r = reader_of(lun);
	long long until = now_ms() + timeout;

	if (!r)
		return IFD_SUCCESS;
	do {
		bool before = atomic_load(&r->present), after;

		if (r->looked && woken(r, before ? LOOK_FULL_MS : LOOK_EMPTY_MS))
			break;
		r->looked = true;
		pthread_mutex_lock(&r->lock);
		after = look(r);
		pthread_mutex_unlock(&r->lock);
		if (after != before)
			break;
	} while (now_ms() < until);
	return IFD_SUCCESS;
}

static RESPONSECODE wake_up(DWORD lun)
{
	struct reader *r = reader_of(lun);
	uint64_t one = 1;

	if (r && write(r->wake, &one, sizeof(one)) != sizeof(one))
		return IFD_COMMUNICATION_ERROR;
	return IFD_SUCCESS;
}

/* --- channels --- */

static RESPONSECODE open_usb(struct reader *r, const struct device_name *name)
{
	r->device = usb_device_new(name);
	if (!r->device)
		return IFD_COMMUNICATION_ERROR;
	if (!usb_device_is_module(r->device)) {
		usb_device_free(r->device);
		r->device = NULL;
		return IFD_NO_SUCH_DEVICE;
	}
	usb_init(&r->usb, usb_device_bulk(r->device));
	module_init(&r->module, usb_transport(&r->usb), &name->settings);
	return IFD_SUCCESS;
}

static RESPONSECODE open_serial(struct reader *r, const struct device_name *name)
{
	serial_init(&r->serial, name->path, name->rate);
	module_init(&r->module, serial_transport(&r->serial), &name->settings);
	return IFD_SUCCESS;
}

static RESPONSECODE reader_open(struct reader *r, const struct device_name *name)
{
	RESPONSECODE rc;

	memset(r, 0, sizeof(*r));
	memcpy(r->where, name->path, sizeof(r->where));
	r->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->wake < 0)
		return IFD_COMMUNICATION_ERROR;
	rc = name->usb ? open_usb(r, name) : open_serial(r, name);
	if (rc != IFD_SUCCESS) {
		close(r->wake);
		return rc;
	}
	pthread_mutex_init(&r->lock, NULL);
	r->told = SAMV_ABSENT;
	atomic_store(&r->looked_at, now_ms());
	r->used = true;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	struct device_name name;
	size_t i = Lun >> 16;
	RESPONSECODE rc = IFD_COMMUNICATION_ERROR;

	if (i >= READERS || !device_name_parse(&name, DeviceName)) {
		if (log_msg)
			log_msg(LOG_PRIORITY_ERROR, "SAM_V: DEVICENAME is PATH:samv[/rate=N][/gone_count=N][/gone_ms=N]");
		return IFD_COMMUNICATION_ERROR;
	}
	pthread_mutex_lock(&readers_lock);
	if (!readers[i].used)
		rc = reader_open(&readers[i], &name);
	pthread_mutex_unlock(&readers_lock);
	return rc;
}

/* Channel numbers (reader.conf without DEVICENAME) say nothing about where the module is. */
EXPORT RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	(void)Lun;
	(void)Channel;
	return IFD_COMMUNICATION_ERROR;
}

EXPORT RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	struct reader *r = reader_of(Lun);

	if (!r)
		return IFD_SUCCESS;
	pthread_mutex_lock(&readers_lock);
	pthread_mutex_lock(&r->lock);
	r->used = false;
	module_release(&r->module);
	usb_device_free(r->device);
	close(r->wake);
	pthread_mutex_unlock(&r->lock);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_unlock(&readers_lock);
	return IFD_SUCCESS;
}

/* --- capabilities --- */

static RESPONSECODE give(PDWORD Length, PUCHAR Value, const void *what, size_t n)
{
	if (*Length < n)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(Value, what, n);
	*Length = n;
	return IFD_SUCCESS;
}

static RESPONSECODE give_byte(PDWORD Length, PUCHAR Value, uint8_t byte)
{
	return give(Length, Value, &byte, 1);
}

static RESPONSECODE give_atr(struct reader *r, PDWORD Length, PUCHAR Value)
{
	static const uint8_t atr[SAMV_ATR_LEN] = SAMV_ATR;

	return give(Length, Value, atr, r && atomic_load(&r->present) ? sizeof(atr) : 0);
}

static RESPONSECODE give_function(PDWORD Length, PUCHAR Value, void (*function)(void))
{
	return give(Length, Value, &function, sizeof(function));
}

EXPORT RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	static const uint32_t version = 0x00010000u | SAMV_VERSION;

	switch (Tag) {
	case TAG_IFD_ATR:
	case SCARD_ATTR_ATR_STRING:
		return give_atr(reader_of(Lun), Length, Value);
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		return give_byte(Length, Value, READERS);
	case TAG_IFD_THREAD_SAFE:
	case TAG_IFD_SLOTS_NUMBER:
		return give_byte(Length, Value, 1);
	case TAG_IFD_POLLING_THREAD_KILLABLE:
		return give_byte(Length, Value, 0);
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		return give_function(Length, Value, (void (*)(void))wait_for_change);
	case TAG_IFD_STOP_POLLING_THREAD:
		return give_function(Length, Value, (void (*)(void))wake_up);
	case SCARD_ATTR_VENDOR_NAME:
		return give(Length, Value, SAMV_VENDOR, sizeof(SAMV_VENDOR));
	case SCARD_ATTR_VENDOR_IFD_VERSION:
		return give(Length, Value, &version, sizeof(version));
	default:
		return IFD_ERROR_TAG;
	}
}

EXPORT RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	(void)Lun;
	(void)Tag;
	(void)Length;
	(void)Value;
	return IFD_NOT_SUPPORTED;
}

/* Without it a shared SCardConnect fails; what protocol is spoken to nobody makes no difference. */
EXPORT RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2,
					      UCHAR PTS3)
{
	(void)Lun;
	(void)Protocol;
	(void)Flags;
	(void)PTS1;
	(void)PTS2;
	(void)PTS3;
	return IFD_SUCCESS;
}

/* --- card --- */

EXPORT RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct reader *r = reader_of(Lun);
	DWORD room = MAX_ATR_SIZE;

	*AtrLength = 0;
	if (!r)
		return IFD_COMMUNICATION_ERROR;
	if (Action == IFD_POWER_DOWN)
		return IFD_SUCCESS;
	if (Action != IFD_POWER_UP && Action != IFD_RESET)
		return IFD_NOT_SUPPORTED;
	if (!atomic_load(&r->present))
		return IFD_ERROR_POWER_ACTION;
	*AtrLength = room;
	return give_atr(r, AtrLength, Atr);
}

/* An APDU from pcscd; 0 bytes when the answer did not fit, which pcscd's room of 65548 never lets happen. */
static DWORD answer(struct reader *r, const UCHAR *apdu, DWORD n, PUCHAR out, DWORD size)
{
	size_t got;

	pthread_mutex_lock(&r->lock);
	got = apdu_answer(&r->module, apdu, n, out, size);
	tell_state(r);
	pthread_mutex_unlock(&r->lock);
	return got;
}

EXPORT RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
				      PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	struct reader *r = reader_of(Lun);
	DWORD room = *RxLength;

	*RxLength = 0;
	if (!r)
		return IFD_COMMUNICATION_ERROR;
	*RxLength = answer(r, TxBuffer, TxLength, RxBuffer, room);
	if (RecvPci)
		RecvPci->Protocol = SendPci.Protocol;
	return *RxLength ? IFD_SUCCESS : IFD_ERROR_INSUFFICIENT_BUFFER;
}

EXPORT RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
				DWORD RxLength, LPDWORD pdwBytesReturned)
{
	struct reader *r = reader_of(Lun);

	*pdwBytesReturned = 0;
	if (!r)
		return IFD_COMMUNICATION_ERROR;
	if (dwControlCode != SCARD_CTL_CODE(SAMV_CONTROL_CODE))
		return IFD_ERROR_NOT_SUPPORTED;
	*pdwBytesReturned = answer(r, TxBuffer, TxLength, RxBuffer, RxLength);
	return *pdwBytesReturned ? IFD_SUCCESS : IFD_ERROR_INSUFFICIENT_BUFFER;
}

EXPORT RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	struct reader *r = reader_of(Lun);

	if (!r)
		return IFD_ICC_NOT_PRESENT;
	/* A pcscd that does not use the polling thread. A lock that is taken means that someone is at the
	 * module just now. */
	if (now_ms() - atomic_load(&r->looked_at) > LOOKER_LOST_MS && pthread_mutex_trylock(&r->lock) == 0) {
		look(r);
		pthread_mutex_unlock(&r->lock);
		atomic_store(&r->looked_at, now_ms() - LOOKER_LOST_MS);
	}
	return atomic_load(&r->present) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
