#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int ck_errno(void) { return errno; }

int ck_open(const char *path, int flags, unsigned int mode) { return open(path, flags, mode); }

int ck_openat(int directory, const char *path, int flags, unsigned int mode) { return openat(directory, path, flags, mode); }

int ck_ofd_lock(int descriptor, int type, int64_t start, int64_t length) {
    // l_pid must be 0 for OFD locks (fcntl(2)).
    struct flock lock = {0};
    lock.l_type = type == 0 ? F_RDLCK : type == 1 ? F_WRLCK : F_UNLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = length;
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int ck_flock(int descriptor, int operation) { return flock(descriptor, operation); }

int ck_renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags) {
    return renameat2(from_directory, from, to_directory, to, flags);
}

int ck_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int ck_statx(int directory, const char *path, int flags, struct ck_statx *out) {
    struct statx raw;
    if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &raw) != 0) return -1;
    out->inode = raw.stx_ino;
    out->size = raw.stx_size;
    out->mode = raw.stx_mode;
    out->links = raw.stx_nlink;
    out->uid = raw.stx_uid;
    out->gid = raw.stx_gid;
    out->device = makedev(raw.stx_dev_major, raw.stx_dev_minor);
    out->access_seconds = raw.stx_atime.tv_sec;
    out->access_nanoseconds = raw.stx_atime.tv_nsec;
    out->modification_seconds = raw.stx_mtime.tv_sec;
    out->modification_nanoseconds = raw.stx_mtime.tv_nsec;
    out->change_seconds = raw.stx_ctime.tv_sec;
    out->change_nanoseconds = raw.stx_ctime.tv_nsec;
    out->birth_seconds = raw.stx_btime.tv_sec;
    out->birth_nanoseconds = raw.stx_btime.tv_nsec;
    return 0;
}

static void fill_times(struct timespec spec[2], const int64_t times[4]) {
    spec[0].tv_sec = times[0];
    spec[0].tv_nsec = times[1] < 0 ? UTIME_OMIT : times[1];
    spec[1].tv_sec = times[2];
    spec[1].tv_nsec = times[3] < 0 ? UTIME_OMIT : times[3];
}

int ck_utimens(int directory, const char *path, const int64_t times[4]) {
    struct timespec spec[2];
    fill_times(spec, times);
    return utimensat(directory, path, spec, AT_SYMLINK_NOFOLLOW);
}

int ck_futimens(int descriptor, const int64_t times[4]) {
    struct timespec spec[2];
    fill_times(spec, times);
    return futimens(descriptor, spec);
}
