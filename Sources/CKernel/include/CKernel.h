// What Swift's Glibc module lacks or cannot import: variadic calls, macros, and Linux-only interfaces.
// Every function here is a thin call without policy: it returns what the kernel returned and leaves errno alone.
#ifndef LATCHKEY_CKERNEL_H
#define LATCHKEY_CKERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int ck_open(const char *path, int flags, unsigned int mode);
int ck_openat(int directory, const char *path, int flags, unsigned int mode);
int ck_accept4(int listener, int flags);
int ck_unix_listen(const char *path, size_t length, int backlog);
int ck_unix_connect(const char *path, size_t length, int nonblocking);
int ck_tcp_loopback_listen(uint16_t port, int backlog, uint16_t *bound);
int ck_tcp_loopback_connect(uint16_t port);
int ck_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid);
int ck_socket_timeouts(int socket, int64_t receive_ms, int64_t send_ms);
int ck_is_listening_socket(int descriptor);
int ck_set_nonblocking(int descriptor, int on);
int ck_set_cloexec(int descriptor, int on);

int ck_epoll_create(void);
int ck_epoll_ctl(int epoll, int operation, int descriptor, uint32_t events, uint64_t data);
int ck_epoll_wait(int epoll, uint32_t *events, uint64_t *data, int timeout_ms);
int ck_eventfd(void);

// Open-file-description locks on [start, start + length): F_OFD_SETLK. type: 0 shared, 1 exclusive, 2 unlock.
int ck_ofd_lock(int descriptor, int type, int64_t start, int64_t length);
int ck_flock(int descriptor, int operation);

int ck_renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags);
int ck_memfd(const char *name);
int ck_start_writeback(int descriptor);

struct ck_statx {
    uint64_t inode;
    uint64_t size;
    uint32_t mode;
    uint32_t links;
    uint32_t uid;
    uint32_t gid;
    uint64_t device;
    int64_t access_seconds, modification_seconds, change_seconds, birth_seconds;
    uint32_t access_nanoseconds, modification_nanoseconds, change_nanoseconds, birth_nanoseconds;
};
int ck_statx(int directory, const char *path, int flags, struct ck_statx *out);

// times: {access s, access ns, modification s, modification ns}; a nanoseconds of -1 leaves that time as it is.
int ck_utimens(int directory, const char *path, const int64_t times[4]);
int ck_futimens(int descriptor, const int64_t times[4]);

int ck_sigtimedwait(uint64_t signals, int64_t timeout_ms, int32_t *from_pid);
int ck_sigmask(int how, uint64_t signals);
int ck_signal_ignore(int signal);
// Starts `path` with `arguments` and `environment` (both end with NULL). descriptors[i] becomes descriptor i of the child, -1 is
// /dev/null; every other descriptor is closed. All signals are unblocked and back to default. parent_death_signal 0 for none.
int ck_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors, int descriptor_count,
    const char *directory, int parent_death_signal, int new_session);
int ck_wait(int pid, int flags, int *status);
int ck_exited(int status);
int ck_exit_code(int status);
int ck_termination_signal(int status);
int ck_set_undumpable(void);
int ck_limit(int resource, uint64_t soft, uint64_t hard);
int ck_listed_user(const char *name, uint32_t *uid, uint32_t *gid);
int ck_user(const char *name, uint32_t *uid, uint32_t *gid);
int ck_drop_to(uint32_t uid, uint32_t gid, const char *name);
int ck_terminal_echo(int descriptor, int on);
int ck_errno(void);
void ck_error_text(int number, char *buffer, size_t size);
void ck_name_thread(const char *name);
void ck_limit_arenas(int count);

#endif
