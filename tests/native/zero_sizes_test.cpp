// Every function of the C ABI with sizes of zero, one at a time and together, with sizes that no memory holds, and
// without arrays: it must do nothing or return an error, and never die. A function's arguments are made by their types.
// A function whose name does not occur here is tried by itself (CMakeLists.txt lists it), with kSize for every size of
// a call without zeros; those that need other sizes have an entry.
#include <unistd.h>
#include <csignal>
#include <cstring>
#include <deque>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "abi_headers.h"
#include "check.h"

namespace {

// What is being called, for the handler of a signal that ends the program.
char current[256] = "";

void on_signal(int signal) {
    const char* name = signal == SIGFPE ? "SIGFPE" : signal == SIGSEGV ? "SIGSEGV" : "SIGABRT";
    for (const char* text : {"FAILED: ", name, " in ", static_cast<const char*>(current), "\n"})
        if (write(STDOUT_FILENO, text, std::strlen(text)) < 0) break;
    _exit(1);
}

constexpr int64_t kSize = 4;                 // of a size that the entry does not give
constexpr size_t kBuffer = size_t{1} << 13;  // elements of an array: more than any function touches here
// Sizes up to which every combination is tried; of more, one and two at a time and all.
constexpr int kAllTogether = 10;

// The values of enums, which are counted from the first.
template <class E>
struct Values {
    static constexpr int first = 0, count = 0;
};
template <>
struct Values<atl_layout> {
    static constexpr int first = 0, count = 4;
};
template <>
struct Values<atl_elementwise> {
    static constexpr int first = 0, count = 13;
};
template <>
struct Values<atl_eltwise> {
    static constexpr int first = 0, count = 3;
};
template <>
struct Values<atl_normalization> {
    static constexpr int first = 0, count = 4;
};
template <>
struct Values<atl_box_code> {
    static constexpr int first = 1, count = 3;
};
template <>
struct Values<atl_label_rule> {
    static constexpr int first = 0, count = 4;
};
template <>
struct Values<atl_angle_edge> {
    static constexpr int first = 0, count = 4;
};
template <>
struct Values<atl_margin_type> {
    static constexpr int first = 0, count = 4;
};
template <>
struct Values<atl_normalize_scale> {
    static constexpr int first = 0, count = 3;
};
template <>
struct Values<atl_normalize_norm> {
    static constexpr int first = 0, count = 2;
};
template <>
struct Values<atl_cell> {
    static constexpr int first = 0, count = 2;
};
template <>
struct Values<atl_reduction> {
    static constexpr int first = 1, count = 3;
};
template <>
struct Values<atl_resample_method> {
    static constexpr int first = 0, count = 2;
};
template <>
struct Values<atl_solver_rule> {
    static constexpr int first = 0, count = 6;
};
template <>
struct Values<atl_regularization> {
    static constexpr int first = 0, count = 3;
};
template <>
struct Values<atl_convolution_algorithm> {
    static constexpr int first = 0, count = 4;
};

// The arguments of one call.
class Arguments {
public:
    // The sizes of the entry, but for those that are zero (bits of `zeros`), and the one, if any, that is `value`.
    Arguments(const std::vector<int64_t>& sizes, uint64_t zeros, int one, int64_t choice, int64_t value = 1)
        : sizes_(sizes), zeros_(zeros), one_(one), choice_(choice), value_(value) {}

    int64_t size() {
        const int at = taken_++;
        if ((zeros_ >> at & 1) != 0) return 0;
        if (at == one_) return value_;
        return static_cast<size_t>(at) < sizes_.size() ? sizes_[static_cast<size_t>(at)] : kSize;
    }

    template <class E>
    E choose() {
        constexpr int count = Values<E>::count;
        static_assert(count > 0, "an enum whose values the test does not know");
        const E value = static_cast<E>(Values<E>::first + choice_ % count);
        choice_ /= count;
        choices_ *= count;
        return value;
    }

    // From here on every array is NULL.
    Arguments& without_arrays() {
        arrays_are_null_ = true;
        return *this;
    }

    // Zeros, which are labels and places too.
    template <class T>
    T* array() {
        if (arrays_are_null_) return nullptr;
        static std::deque<std::vector<T>> arrays;
        while (arrays.size() <= arrays_) arrays.emplace_back();
        arrays[arrays_].assign(kBuffer, T{});
        return arrays[arrays_++].data();
    }

    template <class T>
    T* pointers() {
        held_.emplace_back();
        for (int64_t i = 0; i < kSize; ++i) held_.back().push_back(array<float>());
        return reinterpret_cast<T*>(held_.back().data());
    }

    // As many as an array of sizes is long where its length is not zero.
    const int64_t* sizes() {
        size_arrays_.emplace_back();
        for (int i = 0; i < 2; ++i) size_arrays_.back().push_back(size());
        return size_arrays_.back().data();
    }

    template <class T>
    const T* hold(const T& value) {
        static T held;
        held = value;
        return &held;
    }

    int64_t choices() const { return choices_; }
    int count() const { return taken_; }

private:
    const std::vector<int64_t>& sizes_;
    uint64_t zeros_;
    int one_, taken_ = 0;
    int64_t choice_, value_, choices_ = 1;
    size_t arrays_ = 0;
    bool arrays_are_null_ = false;
    std::deque<std::vector<float*>> held_;
    std::deque<std::vector<int64_t>> size_arrays_;
};

template <class T>
T make(Arguments& a);

template <>
atl_label_loss make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.choose<atl_normalization>(), 1, -1};
}
template <>
atl_target_loss make(Arguments& a) {
    return {a.size(), a.size(), a.choose<atl_normalization>(), 1, -1};
}
template <>
atl_pooling make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(),
        a.size(), a.size(), a.choose<atl_layout>()};
}
template <>
atl_detection make(Arguments& a) {
    return {
        a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.choose<atl_box_code>(), 0, 0, 0.5f, 0.5f, -0.5f};
}
template <>
atl_image_layout make(Arguments& a) {
    return {a.size(), a.size(), a.size()};
}
template <>
atl_image_window make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.size(), 1};
}
template <>
atl_label_logits make(Arguments& a) {
    return {a.size(), a.size(), a.choose<atl_label_rule>(), a.choose<atl_angle_edge>(), 0, 1, 0.5f, 0.5f, 0.5f, 1, 1};
}
template <>
atl_lrn make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.choose<atl_layout>(), static_cast<int32_t>(a.size()), a.size(),
        0.5f, 0.5f, 1};
}
template <>
atl_margin make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.choose<atl_margin_type>(), 0, 1};
}
template <>
atl_normalize make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.choose<atl_layout>(), a.choose<atl_normalize_scale>(),
        static_cast<int32_t>(a.size()), 0.5f, a.choose<atl_normalize_norm>(), 0};
}
template <>
atl_recurrence make(Arguments& a) {
    return {a.choose<atl_cell>(), a.size(), a.size(), a.size()};
}
template <>
atl_resample make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(),
        a.choose<atl_layout>(), a.choose<atl_resample_method>()};
}
template <>
atl_roi_pooling make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), a.size(), 0.5f};
}
template <>
atl_solver_step make(Arguments& a) {
    return {a.size(), a.choose<atl_solver_rule>(), a.choose<atl_regularization>(), 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
        0.5f};
}
template <>
atl_unpooling make(Arguments& a) {
    return {a.size(), a.size(), a.size(), a.size(), a.choose<atl_layout>()};
}
template <>
atl_convolution_shape make(Arguments& a) {
    return {static_cast<int32_t>(a.size()), 1, 1, static_cast<int32_t>(a.size()), a.choose<atl_convolution_algorithm>(),
        a.size(), a.size(), a.size(), a.size(), a.sizes(), a.sizes(), a.sizes(), a.sizes(), a.sizes()};
}

template <class T>
T make(Arguments& a) {
    using Value = std::remove_const_t<std::remove_pointer_t<T>>;
    if constexpr (std::is_same_v<T, int64_t> || std::is_same_v<T, int32_t>) return static_cast<T>(a.size());
    else if constexpr (std::is_same_v<T, uint64_t>) return 7;
    else if constexpr (std::is_floating_point_v<T>) return T{0.5};
    else if constexpr (std::is_enum_v<T>) return a.choose<T>();
    else if constexpr (std::is_same_v<T, const int64_t*>) return a.sizes();
    else if constexpr (std::is_pointer_v<Value>) return a.pointers<std::remove_pointer_t<T>>();
    else if constexpr (std::is_arithmetic_v<Value> || std::is_same_v<T, atl_layout*>) return a.array<Value>();
    else return a.hold(make<Value>(a));
}

std::string described(const char* name, uint64_t zeros, int one, int count, int64_t choice, int threads) {
    std::string text = std::string(name) + ": sizes";
    for (int i = 0; i < count; ++i) text += (zeros >> i & 1) != 0 ? " 0" : i == one ? " 1" : " x";
    return text + ", enums " + std::to_string(choice) + ", threads " + std::to_string(threads);
}

// Which of `count` sizes are zero in each of the calls.
std::vector<uint64_t> combinations(int count) {
    std::vector<uint64_t> all{0};
    if (count <= kAllTogether) {
        for (uint64_t zeros = 1; zeros < uint64_t{1} << count; ++zeros) all.push_back(zeros);
        return all;
    }
    for (int i = 0; i < count; ++i)
        for (int k = i; k < count; ++k) all.push_back(uint64_t{1} << i | uint64_t{1} << k);
    all.push_back((uint64_t{1} << count) - 1);
    return all;
}

// Calls call(arguments) for every choice of zeros and enums; with one thread and several, and with each size 1 in turn.
template <class Call>
void try_all(const char* name, const std::vector<int64_t>& sizes, const Call& call) {
    Arguments counted(sizes, 0, -1, 0);
    call(counted);
    const int count = counted.count();
    bool works = false;
    for (const int threads : {1, 3})
        for (int one = -1; one < count; ++one)
            for (const uint64_t zeros : combinations(count))
                for (int64_t choice = 0; choice < counted.choices(); ++choice) {
                    if (one >= 0 && (threads > 1 || (zeros >> one & 1) != 0)) continue;
                    atl_set_threads(threads);
                    const std::string text = described(name, zeros, one, count, choice, threads);
                    std::snprintf(current, sizeof current, "%s", text.c_str());
                    Arguments arguments(sizes, zeros, one, choice);
                    const atl_status status = call(arguments);
                    const bool refused = status == ATL_INVALID_ARGUMENT || status == ATL_UNSUPPORTED;
                    works = works || (zeros == 0 && one < 0 && status == ATL_OK);
                    check::that(status == ATL_OK || (refused && atl_last_error()[0] != 0),
                        text + " gave status " + std::to_string(status) + " '" + atl_last_error() + "'");
                }
    check::that(works, std::string(name) + " works where no size is zero");
}

// Calls call(arguments) without arrays, for every choice of zeros and enums.
template <class Call>
void try_null(const char* name, const std::vector<int64_t>& sizes, const Call& call) {
    Arguments counted(sizes, 0, -1, 0);
    call(counted);
    for (const uint64_t zeros : combinations(counted.count()))
        for (int64_t choice = 0; choice < counted.choices(); ++choice) {
            const std::string text = described(name, zeros, -1, counted.count(), choice, 2) + ", arrays are NULL,";
            std::snprintf(current, sizeof current, "%s", text.c_str());
            Arguments arguments(sizes, zeros, -1, choice);
            const atl_status status = call(arguments.without_arrays());
            check::that(status == ATL_OK || atl_last_error()[0] != 0,
                text + " gave status " + std::to_string(status) + " '" + atl_last_error() + "'");
        }
}

// What has no arrays, so that its numbers are no sizes.
const std::set<std::string> kWithoutSizes = {
    "atl_alloc", "atl_get_threads", "atl_set_threads", "atl_preferred_block", "atl_margin_lambda"};

// Calls call(arguments) with each size in turn far beyond any memory, the others as they are or zero. Where a function
// multiplies or adds such a size, it must refuse it: its result would lie anywhere.
template <class Call>
void try_huge(const char* name, const std::vector<int64_t>& sizes, const Call& call) {
    Arguments counted(sizes, 0, -1, 0);
    call(counted);
    atl_set_threads(2);
    bool refused = false;
    for (int at = 0; at < counted.count(); ++at)
        for (const int64_t huge : {INT64_MAX, int64_t{3} << 61, int64_t{1} << 62, int64_t{1} << 61, INT64_MIN})
            for (const uint64_t zeros : {uint64_t{0}, ~(uint64_t{1} << at)})
                for (int64_t choice = 0; choice < counted.choices(); ++choice) {
                    const std::string text =
                        described(name, zeros, at, counted.count(), choice, 2) + " with 1 for " + std::to_string(huge);
                    std::snprintf(current, sizeof current, "%s", text.c_str());
                    Arguments arguments(sizes, zeros, at, choice, huge);
                    const atl_status status = call(arguments);
                    refused = refused
                        || (status == ATL_INVALID_ARGUMENT && std::strstr(atl_last_error(), "too large") != nullptr);
                    check::that(status != ATL_INTERNAL && (status == ATL_OK || atl_last_error()[0] != 0),
                        text + " gave status " + std::to_string(status) + " '" + atl_last_error() + "'");
                }
    check::that(refused || kWithoutSizes.count(name) > 0, std::string(name) + " says of none that it is too large");
}

template <class... A>
void try_function(const char* name, atl_status (*function)(A...), const std::vector<int64_t>& sizes = {}) {
    const auto call = [function](Arguments& a) {
        // Braces are evaluated from left to right.
        const std::tuple<A...> arguments{make<A>(a)...};
        return std::apply(function, arguments);
    };
    try_all(name, sizes, call);
    try_huge(name, sizes, call);
    try_null(name, sizes, call);
}

// All passes of a convolution, with the buffers that its plans ask for.
atl_status convolve(Arguments& a) {
    const atl_convolution_shape* shape = make<const atl_convolution_shape*>(a);
    atl_convolution* made = nullptr;
    if (const atl_status status = atl_convolution_create(shape, &made)) return status;
    atl_status result = ATL_OK;
    const auto note = [&result](atl_status status) {
        if (result == ATL_OK) result = status;
        return status == ATL_OK;
    };
    for (const auto pass : {ATL_CONVOLUTION_FORWARD, ATL_CONVOLUTION_BACKWARD_DATA, ATL_CONVOLUTION_BACKWARD_WEIGHTS}) {
        atl_convolution_plan plan;
        if (!note(atl_convolution_get_plan(made, pass, &plan))) continue;
        void* workspace = nullptr;
        if (!note(atl_alloc(plan.workspace, &workspace))) continue;
        std::vector<float> packed(static_cast<size_t>(plan.packed_weights));
        const float *w = a.array<float>(), *x = a.array<float>(), *dy = a.array<float>();
        float *to = a.array<float>(), *bias = a.array<float>();
        if (!packed.empty() && note(atl_convolution_pack(made, pass, w, packed.data()))) w = packed.data();
        double seconds = 0;
        switch (pass) {
            case ATL_CONVOLUTION_FORWARD: note(atl_convolution_forward(made, x, w, bias, to, workspace)); break;
            case ATL_CONVOLUTION_BACKWARD_DATA: note(atl_convolution_backward_data(made, dy, w, to, workspace)); break;
            case ATL_CONVOLUTION_BACKWARD_WEIGHTS:
                note(atl_convolution_backward_weights(made, x, dy, to, bias, workspace));
                break;
        }
        note(atl_convolution_time(made, pass, 1, &seconds));
        note(atl_free(workspace));
    }
    note(atl_convolution_free(made));
    return result;
}

atl_status allocate(Arguments& a) {
    void* block = nullptr;
    const atl_status status = atl_alloc(a.size(), &block);
    check::that(status != ATL_OK || block != nullptr, "a block of 0 bytes has an address");
    return status == ATL_OK ? atl_free(block) : status;
}

#define TRY(name, ...) try_function(#name, name, {__VA_ARGS__})

// Many images without pixels, or pixels without channels, take no time.
void try_many_of_nothing() {
    for (const int32_t within : {0, 1}) {
        const int64_t many = int64_t{1} << 45;
        const atl_lrn empty = {many, within, 4, 1 - within, ATL_LAYOUT_PLAIN, within, 3, 0.5f, 0.5f, 1};
        std::snprintf(current, sizeof current, "atl_lrn_forward: many of nothing, within %d", within);
        check::that(atl_lrn_forward(&empty, nullptr, nullptr) == ATL_OK, current);
        check::that(atl_lrn_backward(&empty, nullptr, nullptr, nullptr) == ATL_OK, current);
    }
}

void try_layers() {
    TRY(atl_affine_forward, 2, 16, 4);
    TRY(atl_affine_backward, 2, 16, 4);
    TRY(atl_batch_norm_statistics, 2, 16, 4);
    TRY(atl_batch_norm_forward, 2, 16, 4);
    TRY(atl_batch_norm_backward, 2, 16, 4);
    TRY(atl_batch_norm_backward_global, 2, 16, 4);
    TRY(atl_channel_scale_forward, 2, 16, 4);
    TRY(atl_channel_scale_backward_scale, 2, 16, 4);
    TRY(atl_channel_add, 2, 16, 4);
    TRY(atl_channel_sum, 2, 16, 4);
    TRY(atl_dropout, 2, 16, 4);
    TRY(atl_lrn_forward, 2, 16, 4, 4, 1, 3);
    TRY(atl_lrn_backward, 2, 16, 4, 4, 1, 3);
    TRY(atl_normalize_forward, 2, 16, 4, 1);
    TRY(atl_normalize_backward, 2, 16, 4, 1);
    TRY(atl_prelu_forward, 2, 16, 4);
    TRY(atl_prelu_backward, 2, 16, 4);
    TRY(atl_resample_forward, 2, 16, 6, 6, 1, 1, 4, 4, 3, 3);
    TRY(atl_resample_backward, 2, 16, 6, 6, 1, 1, 4, 4, 3, 3);
    TRY(atl_unpooling_forward, 2, 16, 4, 8);
    TRY(atl_unpooling_backward, 2, 16, 4, 8);
    TRY(atl_pooling_max_forward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_average_forward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_average_backward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_draw_forward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_expectation_forward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_expectation_backward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    TRY(atl_pooling_places_backward, 2, 16, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1);
    // A window far wider than the image takes no longer than one as wide.
    TRY(atl_pooling_max_forward, 2, 16, 4, 4, 1, 1, 3, int64_t{1} << 40, 2, 2, 1, 1);
    TRY(atl_pooling_average_backward, 2, 16, 4, 4, 1, 1, 3, int64_t{1} << 40, 2, 2, 1, 1);
    TRY(atl_im2col, 2, 0, 2, 4, 4, 2, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1);
    TRY(atl_col2im, 2, 0, 2, 4, 4, 2, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1);
    // Ordinary, in groups, depthwise; square windows are Winograd's.
    const std::vector<std::vector<int64_t>> convolutions = {{2, 0, 2, 16, 16, 1, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1},
        {2, 1, 2, 4, 4, 2, 5, 5, 3, 2, 2, 1, 1, 0, 1, 2}, {2, 0, 2, 16, 16, 16, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1}};
    // atl_convolution_create, atl_convolution_get_plan, atl_convolution_pack, atl_convolution_forward,
    // atl_convolution_backward_data, atl_convolution_backward_weights, atl_convolution_time and atl_convolution_free.
    for (const std::vector<int64_t>& sizes : convolutions) {
        try_all("atl_convolution", sizes, convolve);
        try_huge("atl_convolution", sizes, convolve);
        try_null("atl_convolution", sizes, convolve);
    }
}

void try_arrays() {
    // atl_alloc and atl_free.
    try_all("atl_alloc", {}, allocate);
    try_huge("atl_alloc", {}, allocate);
    TRY(atl_get_threads);
    TRY(atl_set_threads);
    TRY(atl_preferred_block);
    TRY(atl_margin_lambda);
    TRY(atl_reorder, 2, 16, 4);
    TRY(atl_accuracy, 4, 4, 4, 2, 0, 1);
    TRY(atl_argmax, 4, 4, 4, 2, 2);
    TRY(atl_concat, 4, 2);
    TRY(atl_slice, 4, 2);
    TRY(atl_image_to_planes_u8, 16, 4, 1, 16, 4, 1, 3, 0, 0, 4, 4);
    TRY(atl_image_to_planes_f32, 16, 4, 1, 16, 4, 1, 3, 0, 0, 4, 4);
    TRY(atl_rearrange, 2, 4, 4, 4, 1, 0, 16);
    TRY(atl_rearrange_back, 2, 4, 4, 4, 1, 0, 16);
    TRY(atl_sum, 4, 2);
    TRY(atl_detection_forward, 2, 4, 3, 0, 4, 4, 16);
}

// All that is not named above.
void try_others() {
#include "abi_functions.h"
}

}  // namespace

int main() {
    for (const int signal : {SIGFPE, SIGSEGV, SIGABRT}) std::signal(signal, on_signal);
    try_layers();
    try_many_of_nothing();
    try_arrays();
    try_others();
    return check::result();
}
