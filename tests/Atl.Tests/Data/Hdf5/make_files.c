// Writes the files of this folder with the HDF Group's library, by the calls that Caffe's util/hdf5.cpp makes. They are kept in the repository, so
// that the tests do not need it: gcc make_files.c $(pkg-config --cflags --libs hdf5) -lhdf5_hl && ./a.out
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdlib.h>
static void nd(hid_t g, const char* name, int rank, hsize_t* d, float start) {
    hsize_t n = 1;
    for (int i = 0; i < rank; i++) n *= d[i];
    float* v = malloc(n * 4);
    for (hsize_t i = 0; i < n; i++) v[i] = start + 0.25f * i;
    H5LTmake_dataset_float(g, name, rank, d, v);
    free(v);
}
int main(void) {
    hid_t f = H5Fcreate("weights.caffemodel.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t data = H5Gcreate2(f, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const char* names[] = {"data", "gain", "loss", "slope"};
    for (int i = 0; i < 4; i++) {
        hid_t g = H5Gcreate2(data, names[i], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        hsize_t d3[] = {3};
        if (i == 1) {
            nd(g, "0", 1, d3, 1);
            nd(g, "1", 1, d3, -1);
        }
        if (i == 3) nd(g, "0", 1, d3, 0.5);
        H5Gclose(g);
    }
    H5Gclose(data);
    H5Fclose(f);
    f = H5Fcreate("state.solverstate.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hsize_t one = 1;
    int iter = 40, step = 2;
    H5LTmake_dataset_int(f, "iter", 1, &one, &iter);
    H5LTmake_dataset_string(f, "learned_net", "weights.caffemodel.h5");
    H5LTmake_dataset_int(f, "current_step", 1, &one, &step);
    hid_t h = H5Gcreate2(f, "history", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hsize_t d3[] = {3};
    nd(h, "0", 1, d3, 0.125);
    nd(h, "1", 1, d3, 0.25);
    nd(h, "2", 1, d3, 0.375);
    H5Gclose(h);
    H5Fclose(f);
    // Rows for HDF5Data: double data chunked and compressed, integer labels
    f = H5Fcreate("rows.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hsize_t dd[] = {5, 2, 3}, ch[] = {2, 2, 3};
    double dv[30];
    for (int i = 0; i < 30; i++) dv[i] = i * 0.5;
    hid_t sp = H5Screate_simple(3, dd, NULL), pl = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(pl, 3, ch);
    H5Pset_deflate(pl, 6);
    hid_t ds = H5Dcreate2(f, "data", H5T_IEEE_F64LE, sp, H5P_DEFAULT, pl, H5P_DEFAULT);
    H5Dwrite(ds, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, dv);
    H5Dclose(ds);
    hsize_t dl[] = {5};
    int lv[] = {7, 6, 5, 4, 3};
    H5LTmake_dataset_int(f, "label", 1, dl, lv);
    signed char cv[] = {-1, 2, -3, 4, -5};
    H5LTmake_dataset_char(f, "tiny", 1, dl, (char*)cv);
    H5Fclose(f);
    return 0;
}
