#include "cpu/im2col.h"

#include "common/guard.h"

namespace {

// Calls body(the windows, n, the size of an image, the size of its columns).
template <class Body>
void run(const atl_convolution_shape* shape, const float* x, const float* columns, const Body& body) {
    atl::require(shape != nullptr, "im2col: the shape is NULL");
    const atl::ConvolutionShape checked(*shape);
    const atl::Windows windows(checked, checked.input_channels);
    atl::checked_product("n x input_channels x kernel x output", {checked.n, windows.column_count()});
    atl::require(checked.n * windows.image_count() == 0 || x != nullptr, "im2col: x is NULL");
    atl::require(checked.n * windows.column_count() == 0 || columns != nullptr, "im2col: columns is NULL");
    for (int64_t i = 0; i < checked.n; ++i) body(windows, i * windows.image_count(), i * windows.column_count());
}

}  // namespace

extern "C" atl_status atl_im2col(const atl_convolution_shape* shape, const float* x, float* columns) {
    return atl::guard([&] {
        run(shape, x, columns, [=](const atl::Windows& windows, int64_t image, int64_t column) {
            windows.gather(x + image, columns + column);
        });
    });
}

extern "C" atl_status atl_col2im(const atl_convolution_shape* shape, const float* columns, float* x) {
    return atl::guard([&] {
        run(shape, x, columns, [=](const atl::Windows& windows, int64_t image, int64_t column) {
            windows.scatter(columns + column, x + image);
        });
    });
}
