// The Caffe layer, compiled against the stand-in of Caffe's headers, in float and double, on the CPU or on the GPU that
// is emulated there.
#include <dirent.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <typeinfo>

#include "caffe/common.hpp"
#include "caffe/layer.hpp"
#include "caffe/layers/margin_inner_product_layer.hpp"
#include "check.h"
#include "reference.h"
#include "reference_case.h"

namespace {

using caffe::Blob;
using caffe::Caffe;
using caffe::LayerParameter;
using caffe::MarginInnerProductParameter;
using std::string;
using std::vector;

std::mt19937 random_source(1);

vector<double> gaussians(int count) {
    std::normal_distribution<double> normal;
    vector<double> values(static_cast<size_t>(count));
    for (double& value : values) value = normal(random_source);
    return values;
}

template <class T>
string place() {
    return string(typeid(T) == typeid(float) ? " in float" : " in double")
        + (Caffe::mode() == Caffe::CPU ? " on the CPU" : " on the GPU");
}

template <class T>
double tolerance() {
    return typeid(T) == typeid(float) ? 1e-5 : 1e-11;
}

template <class T>
vector<double> doubles(const T* values, int count) {
    return vector<double>(values, values + count);
}

template <class T>
void compare(const vector<double>& found, const vector<T>& expected, double tolerance, const string& what) {
    check::that(found.size() == expected.size(), what + " has another size");
    double largest = 1;
    for (const T value : expected) largest = std::fmax(largest, std::fabs(static_cast<double>(value)));
    for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
        if (!(std::fabs(found[i] - static_cast<double>(expected[i])) <= tolerance * largest))
            return check::that(false,
                what + "[" + std::to_string(i) + "] is " + std::to_string(found[i]) + ", expected "
                    + std::to_string(expected[i]));
    check::that(true, what);
}

// Whether `action` fails with a message that holds all of `words`.
void fails(const std::function<void()>& action, const vector<string>& words, const string& what) {
    try {
        action();
        check::that(false, what + " does not fail");
    } catch (const caffe::Failure& failure) {
        for (const string& word : words)
            check::that(
                strstr(failure.what(), word.c_str()) != nullptr, what + ": no '" + word + "' in: " + failure.what());
    }
}

// The layer with its blobs.
template <class T>
class Net {
public:
    Net(const MarginInnerProductParameter& margin, const vector<int>& shape, int labels, int tops = 2) {
        LayerParameter param;
        param.set_type("MarginInnerProduct");
        *param.mutable_margin_inner_product_param() = margin;
        layer = caffe::LayerRegistry<T>::CreateLayer(param);
        x.Reshape(shape);
        label.Reshape({labels});
        bottoms = {&x, &label};
        this->tops = {&logits};
        if (tops > 1) this->tops.push_back(&lambda);
        layer->SetUp(bottoms, this->tops);
    }

    template <class V>
    static void fill(Blob<T>* blob, const vector<V>& values) {
        if (static_cast<size_t>(blob->count()) != values.size()) throw std::runtime_error("a blob of another size");
        std::copy(values.begin(), values.end(), blob->mutable_cpu_data());
    }
    template <class V>
    void set(const vector<V>& samples, const vector<V>& labels, const vector<V>& weights) {
        fill(&x, samples);
        fill(&label, labels);
        fill(w(), weights);
    }
    template <class V>
    void set_logits_gradient(const vector<V>& values) {
        std::copy(values.begin(), values.end(), logits.mutable_cpu_diff());
    }

    void forward() { layer->Forward(bottoms, tops); }
    void backward(bool to_samples = true, bool to_labels = false) {
        layer->Backward(tops, {to_samples, to_labels}, bottoms);
    }

    Blob<T>* w() { return layer->blobs()[0].get(); }
    vector<double> data(Blob<T>* blob) { return doubles(blob->cpu_data(), blob->count()); }
    vector<double> diff(Blob<T>* blob) { return doubles(blob->cpu_diff(), blob->count()); }

    std::shared_ptr<caffe::Layer<T>> layer;
    Blob<T> x, label, logits, lambda;
    vector<Blob<T>*> bottoms, tops;
};

MarginInnerProductParameter parameters(
    int classes, int margin, float lambda, bool exact = false, bool semihard = false, bool triplet = false) {
    MarginInnerProductParameter param;
    param.set_num_output(static_cast<uint32_t>(classes));
    param.set_type(static_cast<caffe::MarginInnerProductParameter_MarginType>(margin - 1));
    param.set_base(0);
    param.set_lambda_min(lambda);
    param.set_exact_gradient(exact);
    param.set_semihard(semihard);
    param.set_triplet(triplet);
    return param;
}

// A problem whose samples lie near their classes' rows, so that every branch of psi is met.
reference::Problem problem(int m, int n, int k, int margin, double lambda, bool exact, bool semihard) {
    reference::Problem p = {
        m, n, k, margin, lambda, exact, semihard, gaussians(m * k), gaussians(n * k), {}, gaussians(m * n)};
    for (int i = 0; i < m; ++i) {
        p.label.push_back(static_cast<double>(random_source() % static_cast<unsigned>(n)));
        const double pull = (i % 5 - 2) * 0.8;
        for (int l = 0; l < k; ++l)
            p.x[static_cast<size_t>(i * k + l)] += pull * p.w[static_cast<size_t>(p.label.back() * k + l)];
    }
    // What the layer is given has the precision of float.
    for (vector<double>* values : {&p.x, &p.w, &p.dlogits})
        for (double& value : *values) value = static_cast<float>(value);
    return p;
}

template <class T>
void test_against(const reference::Problem& p, const string& name) {
    const reference::Result expected = reference::solve(p);
    Net<T> net(parameters(p.n, p.margin, static_cast<float>(p.lambda), p.exact, p.semihard), {p.m, p.k}, p.m);
    net.set(p.x, p.label, p.w);
    net.forward();
    net.set_logits_gradient(p.dlogits);
    std::fill_n(net.w()->mutable_cpu_diff(), p.n * p.k, T(1));
    net.backward();
    vector<double> dw = net.diff(net.w());
    for (double& value : dw) value -= 1;
    const string what = name + " margin " + std::to_string(p.margin) + (p.exact ? " exact" : "")
        + (p.semihard ? " semihard" : "") + " " + std::to_string(p.m) + "x" + std::to_string(p.n) + "x"
        + std::to_string(p.k) + place<T>() + ": ";
    compare(net.data(net.w()), expected.w, tolerance<T>(), what + "W");
    compare(net.data(&net.logits), expected.logits, tolerance<T>(), what + "logits");
    compare(net.diff(&net.x), expected.dx, tolerance<T>(), what + "dx");
    compare(dw, expected.dw, tolerance<T>(), what + "dW");
    check::that(net.lambda.cpu_data()[0] == static_cast<T>(p.lambda), what + "lambda");
    const vector<double> logits = net.data(&net.logits), w = net.data(net.w());
    net.forward();
    compare(net.data(&net.logits), logits, 0, what + "logits of a second forward");
    compare(net.data(net.w()), w, 0, what + "W after a second forward");
}

template <class T>
void test_values() {
    const int shapes[][3] = {{1, 1, 1}, {9, 7, 5}, {20, 41, 17}, {3, 2, 513}, {33, 10, 64}};
    for (const auto& shape : shapes)
        for (int margin = 1; margin <= 4; ++margin)
            for (int mode = 0; mode < 4; ++mode)
                test_against<T>(
                    problem(shape[0], shape[1], shape[2], margin, mode == 0 ? 0 : 5, (mode & 1) != 0, (mode & 2) != 0),
                    "random");
}

// Samples without length or direction, rows of zeros, a class whose row is the sample.
template <class T>
void test_degenerate() {
    for (int margin = 1; margin <= 4; ++margin)
        for (int exact = 0; exact < 2; ++exact) {
            reference::Problem p = problem(8, 6, 7, margin, 0.5, exact != 0, false);
            p.label = {0, 1, 2, 3, 4, 5, 0, 1};
            for (int l = 0; l < 7; ++l) {
                p.w[static_cast<size_t>(2 * 7 + l)] = 0;
                p.x[static_cast<size_t>(l)] *= 1e-5;
                p.x[static_cast<size_t>(7 + l)] = 0;
            }
            const reference::Result expected = reference::solve(p);
            Net<T> net(parameters(p.n, margin, 0.5f, p.exact), {p.m, p.k}, p.m);
            net.set(p.x, p.label, p.w);
            net.forward();
            net.set_logits_gradient(p.dlogits);
            net.backward();
            const string what =
                "degenerate samples, margin " + std::to_string(margin) + (p.exact ? " exact" : "") + place<T>() + ": ";
            compare(net.data(net.w()), expected.w, tolerance<T>(), what + "W");
            compare(net.data(&net.logits), expected.logits, tolerance<T>(), what + "logits");
            // Where |x| is 0 the sample's direction is unknown, and with it the length that the published gradient is
            // scaled by.
            vector<double> found = net.diff(&net.x), dx = expected.dx;
            for (size_t l = 7; l < 14; ++l) {
                check::that(std::isfinite(found[l]), what + "dx at |x| = 0 is not finite");
                if (margin > 1 && !p.exact) found[l] = dx[l] = 0;
            }
            compare(found, dx, tolerance<T>() * 10, what + "dx");
        }
}

template <class T>
void test_finite_differences() {
    if (typeid(T) == typeid(float)) return;
    for (int margin = 1; margin <= 4; ++margin) {
        const reference::Problem p = problem(6, 5, 4, margin, 0.3, true, false);
        Net<T> net(parameters(p.n, margin, 0.3f, true), {p.m, p.k}, p.m);
        net.set(p.x, p.label, p.w);
        net.forward();
        net.set_logits_gradient(p.dlogits);
        net.backward();
        const vector<double> dx = net.diff(&net.x);
        const auto loss = [&](int at, double step) {
            net.x.mutable_cpu_data()[at] += static_cast<T>(step);
            net.forward();
            net.x.mutable_cpu_data()[at] -= static_cast<T>(step);
            return reference::dot(net.data(&net.logits).data(), p.dlogits.data(), p.m * p.n);
        };
        vector<double> expected;
        for (int at = 0; at < p.m * p.k; ++at) expected.push_back((loss(at, 1e-5) - loss(at, -1e-5)) / 2e-5);
        compare(dx, expected, 1e-6, "the exact gradient of margin " + std::to_string(margin) + place<T>());
    }
}

// What the weights' bank does: which samples became rows.
template <class T>
vector<int> replaced_rows(unsigned seed, bool propagates) {
    Caffe::set_random_seed(seed);
    const int m = 400, n = 400, k = 5;
    reference::Problem p = problem(m, n, k, 2, 3, false, false);
    for (int i = 0; i < m; ++i) p.label[static_cast<size_t>(i)] = i;
    Net<T> net(parameters(n, 2, 3, false, false, true), {m, k}, m);
    net.set(p.x, p.label, p.w);
    net.forward();
    const vector<double> unit_rows = net.data(net.w());
    net.set_logits_gradient(p.dlogits);
    std::fill_n(net.w()->mutable_cpu_diff(), n * k, T(7));
    net.backward(propagates);
    compare(net.diff(net.w()), vector<double>(static_cast<size_t>(n * k), 7), 0, "dW of the bank" + place<T>());
    if (propagates) compare(net.diff(&net.x), reference::solve(p).dx, tolerance<T>(), "dx of the bank" + place<T>());
    vector<int> replaced;
    const vector<double> w = net.data(net.w()), x = net.data(&net.x);
    for (int j = 0; j < n; ++j) {
        const bool is_sample = std::equal(w.begin() + j * k, w.begin() + (j + 1) * k, x.begin() + j * k);
        const bool is_row = std::equal(w.begin() + j * k, w.begin() + (j + 1) * k, unit_rows.begin() + j * k);
        check::that(is_sample != is_row,
            "row " + std::to_string(j) + " of the bank is neither its sample nor as before" + place<T>());
        if (is_sample) replaced.push_back(j);
    }
    net.forward();
    const vector<double> after = net.data(net.w());
    for (int j = 0; j < n; ++j)
        check::that(
            check::close(reference::dot(&after[static_cast<size_t>(j * k)], &after[static_cast<size_t>(j * k)], k), 1,
                tolerance<T>()),
            "a row of the bank has no unit length after the next forward" + place<T>());
    return replaced;
}

template <class T>
void test_triplet() {
    const vector<int> first = replaced_rows<T>(5, true);
    check::that(first.size() > 150 && first.size() < 250, "about half of the samples become rows" + place<T>());
    check::that(replaced_rows<T>(5, false) == first, "the same seed gives the same rows" + place<T>());
    check::that(replaced_rows<T>(6, true) != first, "another seed gives other rows" + place<T>());
    static const vector<int> of_first_type = first;
    check::that(of_first_type == first, "both types draw alike" + place<T>());
    const Caffe::Brew mode = Caffe::mode();
    Caffe::set_mode(Caffe::CPU);
    const vector<int> on_cpu = replaced_rows<T>(5, true);
    Caffe::set_mode(mode);
    check::that(on_cpu == first, "every device draws alike" + place<T>());

    // Of several samples of a class the last that is drawn stays; draws go on from step to step.
    const int m = 40, n = 3, k = 2, steps = 30;
    Net<T> net(parameters(n, 1, 3, false, false, true), {m, k}, m);
    vector<double> labels;
    for (int i = 0; i < m; ++i) labels.push_back(i % 2);
    std::vector<int> last_class_0;
    for (int step = 0; step < steps; ++step) {
        vector<double> x;
        for (int i = 0; i < m; ++i) x.insert(x.end(), {i + 1.0, 1.0});
        net.set(x, labels, gaussians(n * k));
        net.forward();
        const vector<double> before = net.data(net.w());
        net.set_logits_gradient(vector<double>(static_cast<size_t>(m * n), 0));
        net.backward();
        const vector<double> w = net.data(net.w());
        // 20 draws of each class: none of them wins with probability 1e-6, and the last that wins is among the last 20
        // with certainty.
        check::that(w[1] == 1 && w[3] == 1 && w[0] == std::floor(w[0]) && static_cast<int>(w[0]) % 2 == 1
                && static_cast<int>(w[2]) % 2 == 0,
            "rows are samples of their class" + place<T>());
        check::that(w[4] == before[4] && w[5] == before[5], "a class without samples keeps its row" + place<T>());
        last_class_0.push_back(static_cast<int>(w[0]));
    }
    const double mean = std::accumulate(last_class_0.begin(), last_class_0.end(), 0.0) / steps;
    check::that(
        mean > 34 && mean < 39, "the later of several samples stays: mean place " + std::to_string(mean) + place<T>());
    check::that(*std::min_element(last_class_0.begin(), last_class_0.end())
            < *std::max_element(last_class_0.begin(), last_class_0.end()),
        "every step draws anew" + place<T>());
}

// Easy, semi-hard and hard samples in the plane, two classes at right angles.
template <class T>
void test_semihard() {
    // The label is 0, its row (1, 0); the other row is (0, 1). With margin 4 and lambda 0 a sample at 5 degrees is
    // easy, at 30 semi-hard, at 60 hard.
    const double degree = std::acos(-1.0) / 180;
    vector<double> x;
    for (const double angle : {5.0, 30.0, 60.0})
        x.insert(x.end(), {2 * std::cos(angle * degree), 2 * std::sin(angle * degree)});
    for (const int margin : {1, 4}) {
        Net<T> net(parameters(2, margin, 0, false, true), {3, 2}, 3);
        net.set(x, {0, 0, 0}, {1, 0, 0, 1});
        net.forward();
        net.set_logits_gradient(vector<double>{1, 2, 3, 4, 5, 6});
        net.backward();
        const vector<double> dx = net.diff(&net.x);
        const bool keeps[] = {dx[0] != 0 || dx[1] != 0, dx[2] != 0 || dx[3] != 0, dx[4] != 0 || dx[5] != 0};
        const string what = "semihard, margin " + std::to_string(margin) + place<T>();
        check::that(!keeps[0], what + ": an easy sample has a gradient");
        check::that(keeps[1] == (margin == 4), what + ": a semi-hard sample");
        check::that(keeps[2] == (margin == 1), what + ": a hard sample");
    }
    // Equal logits go to the lower class: label 0 wins and is easy, label 1 loses and is kept.
    Net<T> tie(parameters(2, 1, 0, false, true), {2, 1}, 2);
    tie.set(vector<double>{1, 1}, {0, 1}, {1, 1});
    tie.forward();
    tie.set_logits_gradient(vector<double>{1, 1, 1, 1});
    tie.backward();
    compare(tie.diff(&tie.x), vector<double>{0, 2}, 0, "ties" + place<T>());
    // All logits far below zero.
    Net<T> low(parameters(2, 1, 0, false, true), {1, 1}, 1);
    low.set(vector<double>{-50}, {1}, {1, 1});
    low.forward();
    low.set_logits_gradient(vector<double>{1, 1});
    low.backward();
    compare(low.diff(&low.x), vector<double>{2}, 0, "logits below zero" + place<T>());
}

template <class T>
void test_lambda() {
    MarginInnerProductParameter param = parameters(3, 2, 5);
    param.set_base(1000);
    param.set_gamma(0.12f);
    param.set_power(2);
    param.set_iteration(40);
    Net<T> net(param, {2, 4}, 2);
    net.set(gaussians(8), {0, 1}, gaussians(12));
    for (int t = 41; t < 200; ++t) {
        net.forward();
        const double expected = std::fmax(5, 1000 * std::pow(1 + static_cast<double>(0.12f) * t, -2));
        check::that(check::close(net.lambda.cpu_data()[0], expected, 1e-6),
            "lambda of forward " + std::to_string(t) + place<T>());
    }
    param.set_base(1);
    param.set_gamma(-1);
    param.set_iteration(0);
    Net<T> infinite(param, {2, 4}, 2);
    infinite.set(gaussians(8), {0, 1}, gaussians(12));
    fails([&] { infinite.forward(); }, {"fc", "lambda", "forward 1"}, "an infinite lambda" + place<T>());
}

// Axes, blob counts, what is propagated.
template <class T>
void test_shapes() {
    MarginInnerProductParameter param = parameters(7, 3, 1);
    param.set_axis(-2);
    Net<T> net(param, {2, 3, 4, 5}, 6, 1);
    check::that(net.logits.shape() == vector<int>({2, 3, 7}) && net.w()->shape() == vector<int>({7, 20}),
        "shapes from axis -2" + place<T>());
    net.set(gaussians(120), {0, 1, 2, 3, 4, 6}, gaussians(140));
    net.forward();
    net.set_logits_gradient(vector<double>(42, 1));
    std::fill_n(net.x.mutable_cpu_diff(), 120, T(9));
    net.backward(false);
    compare(net.diff(&net.x), vector<double>(120, 9), 0, "dx that nobody asked for" + place<T>());
    const vector<double> dw = net.diff(net.w());
    net.layer->set_param_propagate_down(0, false);
    net.backward();
    compare(net.diff(net.w()), dw, 0, "dW that nobody asked for" + place<T>());

    // Another batch, smaller and empty.
    net.x.Reshape({1, 3, 4, 5});
    net.label.Reshape({3});
    net.forward();
    check::that(net.logits.shape() == vector<int>({1, 3, 7}), "a smaller batch" + place<T>());
    net.x.Reshape({0, 3, 4, 5});
    net.label.Reshape({0});
    net.forward();
    net.backward();
    check::that(net.logits.count() == 0, "an empty batch" + place<T>());

    check::that(net.layer->AllowForceBackward(0) && !net.layer->AllowForceBackward(1),
        "labels take no gradient by force_backward");
    check::that(string(net.layer->type()) == "MarginInnerProduct", "the type's name");
}

template <class T>
void test_errors() {
    const T nan = std::numeric_limits<T>::quiet_NaN();
    Net<T> net(parameters(3, 2, 1), {4, 2}, 4);
    net.set(gaussians(8), {0, 1, 2, 0}, gaussians(6));
    const vector<std::pair<T, string>> wrong = {
        {T(3), "3"}, {T(-1), "-1"}, {T(1.5), "1.5"}, {nan, "nan"}, {T(1e30), "1e+30"}};
    for (const auto& label : wrong) {
        net.label.mutable_cpu_data()[2] = label.first;
        const vector<double> w = net.data(net.w());
        fails([&] { net.forward(); }, {"fc", "sample 2", label.second, "[0, 3)"},
            "the label " + label.second + place<T>());
        compare(net.data(net.w()), w, 0, "W after a wrong label" + place<T>());
    }
    net.label.mutable_cpu_data()[2] = 2;
    net.forward();
    fails([&] { net.backward(true, true); }, {"fc", "labels"}, "a gradient for labels");
    net.label.Reshape({3});
    fails([&] { net.forward(); }, {"fc", "one label"}, "three labels for four samples");
    net.label.Reshape({4});
    net.x.Reshape({4, 3});
    fails([&] { net.forward(); }, {"fc", "features"}, "samples of another size");
    fails([] { Net<T>(parameters(0, 2, 1), {4, 2}, 4); }, {"fc", "num_output"}, "no classes");
    fails([] { Net<T>(parameters(3, 2, 1), {4, 0}, 4); }, {"fc", "no features"}, "no features");
}

template <class T>
void run_reference_case(const string& folder, const string& name) {
    const ReferenceCase values(folder + "/" + name);
    const std::map<string, int> margins = {{"SINGLE", 1}, {"DOUBLE", 2}, {"TRIPLE", 3}, {"QUADRUPLE", 4}};
    MarginInnerProductParameter param = parameters(std::stoi(values.parameter("num_output", "0")),
        margins.at(values.parameter("type", "SINGLE")), std::stof(values.parameter("lambda_min", "0")), false,
        values.parameter("semihard", "false") == "true", values.parameter("triplet", "false") == "true");
    param.set_base(std::stof(values.parameter("base", "1")));
    param.set_gamma(std::stof(values.parameter("gamma", "0")));
    param.set_power(std::stof(values.parameter("power", "1")));
    param.set_iteration(std::stoi(values.parameter("iteration", "0")));
    param.set_axis(std::stoi(values.parameter("axis", "1")));
    Net<T> net(
        param, values.tensor("input", "feat").shape, static_cast<int>(values.tensor("input", "label").values.size()));
    net.set(values.tensor("input", "feat").values, values.tensor("input", "label").values,
        values.tensor("param.init", "fc").values);
    for (int i = std::stoi(values.fact("forwards_before_the_measured_one")); i >= 0; --i) net.forward();
    const string what = name + place<T>() + ": ";
    compare(net.data(&net.logits), values.tensor("blob.data", "cosine").values, 1e-5, what + "logits");
    compare(net.data(&net.lambda), values.tensor("blob.data", "lambda").values, 1e-5, what + "lambda");
    net.set_logits_gradient(values.tensor("blob.diff", "cosine").values);
    net.backward();
    compare(net.diff(&net.x), values.tensor("blob.diff", "feat").values, 1e-5, what + "dx");
    compare(net.diff(net.w()), values.tensor("param.diff", "fc").values, 1e-5, what + "dW");
    if (values.tensor("param.data", "fc").extra.find("random") == string::npos)
        compare(net.data(net.w()), values.tensor("param.data", "fc").values, 1e-5, what + "W");
}

template <class T>
void test_reference_cases() {
    const char* elsewhere = std::getenv("ATL_REFERENCE");
    const string folder = string(elsewhere != nullptr ? elsewhere : ATL_REFERENCE) + "/margin";
    DIR* listing = opendir(folder.c_str());
    check::that(listing != nullptr, "no folder " + folder);
    if (listing == nullptr) return;
    int cases = 0;
    while (const dirent* entry = readdir(listing))
        if (entry->d_name[0] != '.') {
            run_reference_case<T>(folder, entry->d_name);
            ++cases;
        }
    closedir(listing);
    check::that(cases >= 20, "only " + std::to_string(cases) + " cases in " + folder);
}

// A test in both types.
#define ATL_TEST(name)                                     \
    {                                                      \
#name, { test_##name<float>, test_##name<double> } \
    }

const std::map<string, vector<void (*)()>> kTests = {ATL_TEST(values), ATL_TEST(degenerate),
    ATL_TEST(finite_differences), ATL_TEST(triplet), ATL_TEST(semihard), ATL_TEST(lambda), ATL_TEST(shapes),
    ATL_TEST(errors), ATL_TEST(reference_cases)};

}  // namespace

int main(int count, char** arguments) {
    const string device = count > 1 ? arguments[1] : "", wanted = count > 2 ? arguments[2] : "";
    if ((device != "cpu" && device != "gpu") || (count > 2 && kTests.count(wanted) == 0)) {
        std::printf("usage: %s cpu|gpu [TEST]\n", arguments[0]);
        return 1;
    }
    Caffe::set_mode(device == "gpu" ? Caffe::GPU : Caffe::CPU);
    for (const auto& test : kTests) {
        if (count > 2 && test.first != wanted) continue;
        for (void (*run)() : test.second) {
            try {
                run();
            } catch (const std::exception& error) {
                check::that(false, test.first + " ended with: " + error.what());
            }
        }
    }
    return check::result();
}
