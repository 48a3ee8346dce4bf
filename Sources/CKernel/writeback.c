#include "CKernel.h"

#include <fcntl.h>

int ck_start_writeback(int descriptor) { return sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }
