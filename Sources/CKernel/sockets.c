#include "CKernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int ck_accept4(int listener, int flags) { return accept4(listener, NULL, NULL, flags); }

static int unix_address(struct sockaddr_un *address, const char *path, size_t length, socklen_t *size) {
    if (length == 0 || length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    return 0;
}

static int closing(int descriptor) {
    int saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

int ck_unix_listen(const char *path, size_t length, int backlog) {
    struct sockaddr_un address;
    socklen_t size;
    if (unix_address(&address, path, length, &size) != 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (bind(fd, (struct sockaddr *)&address, size) != 0) return closing(fd);
    if (listen(fd, backlog) != 0) return closing(fd);
    return fd;
}

int ck_unix_connect(const char *path, size_t length, int nonblocking) {
    struct sockaddr_un address;
    socklen_t size;
    if (unix_address(&address, path, length, &size) != 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, size) != 0) return closing(fd);
    return fd;
}

int ck_tcp_loopback_listen(uint16_t port, int backlog, uint16_t *bound) {
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return closing(fd);
    if (listen(fd, backlog) != 0) return closing(fd);
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return closing(fd);
    *bound = ntohs(address.sin_port);
    return fd;
}

int ck_tcp_loopback_connect(uint16_t port) {
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return closing(fd);
    return fd;
}

int ck_peer_credentials(int socket, int32_t *pid, uint32_t *uid, uint32_t *gid) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}

int ck_socket_timeouts(int socket, int64_t receive_ms, int64_t send_ms) {
    struct timeval receive = {receive_ms / 1000, (receive_ms % 1000) * 1000};
    struct timeval send = {send_ms / 1000, (send_ms % 1000) * 1000};
    if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof receive) != 0) return -1;
    return setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof send);
}

int ck_is_listening_socket(int descriptor) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0) return -1;
    return listening;
}

static int flag(int descriptor, int get, int set, int bit, int on) {
    int flags = fcntl(descriptor, get);
    if (flags < 0) return -1;
    return fcntl(descriptor, set, on ? flags | bit : flags & ~bit);
}

int ck_set_nonblocking(int descriptor, int on) { return flag(descriptor, F_GETFL, F_SETFL, O_NONBLOCK, on); }

int ck_set_cloexec(int descriptor, int on) { return flag(descriptor, F_GETFD, F_SETFD, FD_CLOEXEC, on); }

int ck_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int ck_epoll_ctl(int epoll, int operation, int descriptor, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int ck_epoll_wait(int epoll, uint32_t *events, uint64_t *data, int timeout_ms) {
    struct epoll_event event;
    int count = epoll_wait(epoll, &event, 1, timeout_ms);
    if (count == 1) {
        *events = event.events;
        *data = event.data.u64;
    }
    return count;
}

int ck_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
