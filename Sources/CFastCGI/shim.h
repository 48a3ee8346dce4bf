// libfcgi 2.4.2 as a module: https://github.com/FastCGI-Archives/fcgi2
#include <fcgiapp.h>
