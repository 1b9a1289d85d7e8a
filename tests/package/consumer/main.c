/* Uses the library as a program in C does: asks whether it can run here and fits its headers, then computes. */
#include <stdio.h>
#include <string.h>

#include <atl/memory.h>
#include <atl/version.h>

int main(void) {
    float values[3] = {0, 0, 0};
    if (atl_check_processor() != ATL_OK) {
        fprintf(stderr, "%s\n", atl_last_error());
        return 1;
    }
    if (strcmp(atl_version(), ATL_VERSION) != 0) {
        fprintf(stderr, "the library is %s, its headers are %s\n", atl_version(), ATL_VERSION);
        return 1;
    }
    if (atl_fill(3, 2.5f, values) != ATL_OK || values[0] != 2.5f || values[2] != 2.5f) {
        fprintf(stderr, "atl_fill: %g, %g\n", values[0], values[2]);
        return 1;
    }
    if (atl_fill(-1, 0, values) != ATL_INVALID_ARGUMENT || strlen(atl_last_error()) == 0) {
        fprintf(stderr, "a negative count was accepted\n");
        return 1;
    }
    printf("atl %d.%d.%d\n", ATL_VERSION_MAJOR, ATL_VERSION_MINOR, ATL_VERSION_PATCH);
    return 0;
}
