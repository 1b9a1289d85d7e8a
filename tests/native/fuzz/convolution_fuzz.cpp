// Convolutions of any shape, with the buffers that their plans ask for and none beyond, and im2col.
#include <algorithm>

#include "atl/convolution.h"
#include "atl/memory.h"
#include "fuzz_input.h"

namespace {

constexpr int kAxes = 3;

// What a convolution gives along an axis; -1 where it gives nothing that a caller could hold.
int64_t extent(const atl_convolution_shape& s, int axis) {
    const int64_t fields[] = {s.input[axis], s.kernel[axis], s.stride[axis], s.pad[axis], s.dilation[axis]};
    for (const int64_t field : fields)
        if (field < 0 || field > 64) return -1;
    const int64_t room = s.input[axis] + 2 * s.pad[axis] - s.dilation[axis] * (s.kernel[axis] - 1) - 1;
    return s.stride[axis] == 0 || room < 0 ? -1 : room / s.stride[axis] + 1;
}

// A plan's layout may have channels in blocks, and more of them.
std::vector<float> values(fuzz::Input& input, int64_t count) { return input.numbers(std::max<int64_t>(count, 0)); }

void run(fuzz::Input& input, const atl_convolution_shape& shape, atl_convolution* made, int64_t in, int64_t out,
    int64_t weights) {
    for (const auto pass : {ATL_CONVOLUTION_FORWARD, ATL_CONVOLUTION_BACKWARD_DATA, ATL_CONVOLUTION_BACKWARD_WEIGHTS}) {
        atl_convolution_plan plan;
        if (atl_convolution_get_plan(made, pass, &plan) != ATL_OK) continue;
        void* workspace = nullptr;
        if (atl_alloc(plan.workspace, &workspace) != ATL_OK) continue;
        std::vector<float> x = values(input, in), y = values(input, out), w = values(input, weights),
                           dw = fuzz::array(weights);
        std::vector<float> bias(static_cast<size_t>(shape.output_channels)),
            packed(static_cast<size_t>(plan.packed_weights));
        const float* given = w.data();
        if (!packed.empty() && atl_convolution_pack(made, pass, w.data(), packed.data()) == ATL_OK)
            given = packed.data();
        switch (pass) {
            case ATL_CONVOLUTION_FORWARD:
                atl_convolution_forward(made, x.data(), given, shape.bias ? bias.data() : nullptr, y.data(), workspace);
                break;
            case ATL_CONVOLUTION_BACKWARD_DATA:
                atl_convolution_backward_data(made, y.data(), given, x.data(), workspace);
                break;
            case ATL_CONVOLUTION_BACKWARD_WEIGHTS:
                atl_convolution_backward_weights(
                    made, x.data(), y.data(), dw.data(), shape.bias ? bias.data() : nullptr, workspace);
                break;
        }
        atl_free(workspace);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    int64_t axes[5][kAxes];
    const int count = 1 + input.byte() % kAxes;
    for (int i = 0; i < 5; ++i)
        for (int axis = 0; axis < kAxes; ++axis) axes[i][axis] = input.size(i == 0 ? 10 : 4);
    atl_convolution_shape shape{};
    shape.spatial_axes = input.byte() < 250 ? count : -1;
    shape.bias = input.byte() % 2;
    shape.training = input.byte() % 2;
    shape.plain = 1;
    shape.algorithm = static_cast<atl_convolution_algorithm>(input.byte() % 4);
    shape.n = input.size(2);
    shape.groups = input.size(3);
    shape.input_channels = input.size(8);
    shape.output_channels = input.size(8);
    shape.input = axes[0];
    shape.kernel = axes[1];
    shape.stride = axes[2];
    shape.pad = axes[3];
    shape.dilation = axes[4];
    int64_t pixels = 1, windows = 1, taps = 1;
    for (int axis = 0; axis < count; ++axis) {
        const int64_t out = extent(shape, axis);
        pixels = pixels < 0 || out < 0 ? -1 : fuzz::product({pixels, shape.input[axis]});
        windows = windows < 0 || out < 0 ? -1 : fuzz::product({windows, out});
        taps = taps < 0 || out < 0 ? -1 : fuzz::product({taps, shape.kernel[axis]});
    }
    atl_convolution* made = nullptr;
    const bool creates = atl_convolution_create(&shape, &made) == ATL_OK;
    const bool known = pixels >= 0 && windows >= 0 && taps >= 0 && shape.groups > 0 && shape.groups < 64;
    const int64_t in = known ? fuzz::product({shape.n, shape.input_channels, pixels}) : -1;
    const int64_t out = known ? fuzz::product({shape.n, shape.output_channels, windows}) : -1;
    const int64_t weights =
        known ? fuzz::product({shape.output_channels, shape.input_channels / shape.groups, taps}) : -1;
    const int64_t columns = known ? fuzz::product({shape.n, shape.input_channels, taps, windows}) : -1;
    if (creates && in >= 0 && out >= 0 && weights >= 0) run(input, shape, made, in, out, weights);
    if (in >= 0 && columns >= 0 && shape.spatial_axes > 0) {
        std::vector<float> x = fuzz::array(in), matrix = fuzz::array(columns);
        atl_im2col(&shape, x.data(), matrix.data());
        atl_col2im(&shape, matrix.data(), x.data());
    }
    atl_convolution_free(made);
    return 0;
}
