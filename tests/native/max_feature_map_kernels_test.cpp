// The kernels of MaxFeatureMap against a plain loop in double precision.
#include "kernel_cases.h"

#include "cuda/max_feature_map.cu"

namespace {

void test(int64_t rows, int64_t half, const cases::Launch& l) {
    // Whole numbers: many ties.
    const std::vector<float> x = cases::labels(2 * rows * half, 5, 1), dy = cases::gaussians(rows * half, 2);
    std::vector<double> y(dy.size()), dx(x.size());
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t i = 0; i < half; ++i) {
            const size_t at = static_cast<size_t>(r * half + i), first = static_cast<size_t>(2 * r * half + i);
            const size_t second = first + static_cast<size_t>(half);
            y[at] = std::fmax(x[first], x[second]);
            dx[x[first] > x[second] ? first : second] = dy[at];
        }
    cases::Array<float> fx(x, l.shift), fdy(dy, l.shift), fy(dy, l.shift), fdx(x, l.shift);
    device::launch(atl_max_feature_map_forward, l.grid, l.threads, l.order, rows, half, fx.data(), fy.data());
    cases::compare(fy.values(), y, 0, "larger half");
    device::launch(
        atl_max_feature_map_backward, l.grid, l.threads, l.order, rows, half, fx.data(), fdy.data(), fdx.data());
    cases::compare(fdx.values(), dx, 0, "gradient of the larger half");
}

}  // namespace

int main() {
    if (!device::present()) {
        std::printf("no GPU to run on\n");
        return 77;
    }
    cases::for_launches([](const cases::Launch& l) {
        test(1, 1, l);
        test(3, 5, l);
        test(2, 1030, l);
        test(70, 8, l);
    });
    return check::result();
}
