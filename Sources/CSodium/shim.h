// libsodium 1.0.18 as a module: https://doc.libsodium.org
#include <sodium.h>
