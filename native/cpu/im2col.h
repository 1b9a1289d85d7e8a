// The windows of a convolution over one image, written out as columns, and the way back.
#pragma once

#include <algorithm>
#include <vector>

#include "common/parallel.h"
#include "cpu/convolution.h"

namespace atl {

// Columns are channels x kernel[] rows of one float for each window.
class Windows {
public:
    Windows(const ConvolutionShape& shape, int64_t channels)
        : input_(shape.input),
          kernel_(shape.kernel),
          stride_(shape.stride),
          pad_(shape.pad),
          dilation_(shape.dilation),
          output_(shape.output),
          channels_(channels),
          count_(ConvolutionShape::product(output_)),
          size_(ConvolutionShape::product(kernel_)) {}

    int64_t image_count() const { return channels_ * ConvolutionShape::product(input_); }
    int64_t column_count() const { return channels_ * size_ * count_; }

    // columns = what each window holds of x; 0 outside the image.
    void gather(const float* x, float* columns) const {
        each_line(
            [=](const float* from, float* line, const Line& at) {
                for (int64_t i = 0; i < at.count; ++i) line[i] = at.holds(i) ? from[at.start + i * at.step] : 0;
            },
            x, columns);
    }

    // x = for each pixel the sum over the windows that hold it.
    void scatter(const float* columns, float* x) const {
        std::fill(x, x + image_count(), 0.0f);
        each_line(
            [=](float* to, const float* line, const Line& at) {
                for (int64_t i = 0; i < at.count; ++i)
                    if (at.holds(i)) to[at.start + i * at.step] += line[i];
            },
            x, columns);
    }

private:
    // The windows along the last axis, seen from one place in the kernel: where they read, and which of them lie within
    // the image.
    struct Line {
        int64_t count, start, step, size;
        bool inside;
        bool holds(int64_t i) const {
            return inside && start_of_axis + i * step >= 0 && start_of_axis + i * step < size;
        }
        int64_t start_of_axis;
    };

    // Calls body(channel's image, line of the columns, Line) for every channel, place in the kernel and run of windows
    // along the last axis.
    template <class Image, class Columns, class Body>
    void each_line(const Body& body, Image* x, Columns* columns) const {
        const int64_t axes = static_cast<int64_t>(input_.size()), last = axes - 1, length = output_[last];
        const int64_t lines = count_ / length, image = ConvolutionShape::product(input_);
        // A channel's image belongs to one thread, so that scattering needs no locks.
        parallel_for(channels_, 1, [&](int64_t begin, int64_t end) {
            std::vector<int64_t> offset(axes);
            for (int64_t channel = begin; channel < end; ++channel)
                for (int64_t place = 0; place < size_; ++place) {
                    for (int64_t axis = last, rest = place; axis >= 0; rest /= kernel_[axis], --axis)
                        offset[axis] = rest % kernel_[axis] * dilation_[axis] - pad_[axis];
                    for (int64_t line = 0; line < lines; ++line) {
                        Line at{length, 0, stride_[last], input_[last], true, offset[last]};
                        int64_t step = input_[last];
                        for (int64_t axis = last - 1, rest = line; axis >= 0; rest /= output_[axis], --axis) {
                            const int64_t position = rest % output_[axis] * stride_[axis] + offset[axis];
                            at.inside = at.inside && position >= 0 && position < input_[axis];
                            at.start += position * step;
                            step *= input_[axis];
                        }
                        at.start += at.start_of_axis;
                        body(x + channel * image, columns + ((channel * size_ + place) * lines + line) * length, at);
                    }
                }
        });
    }

    std::vector<int64_t> input_, kernel_, stride_, pad_, dilation_, output_;
    int64_t channels_, count_, size_;
};

}  // namespace atl
