#!/usr/bin/env python3
"""The margin inner product composed in PyTorch, eager and by torch.compile, in the cases of margin_kernels_bench.

    python3 margin_kernels_torch.py [--bench LOG] [--features 512] [--cpu]

Prints the tables of margin_kernels_bench with PyTorch's times, in microseconds; with --bench, the output of margin_kernels_bench on the same GPU, also that
program's times and how many times as fast as PyTorch's best it is. Before anything is measured the computation is held against the formulas of
native/margin/margin.h, written out in Python's double precision. --cpu does that, and one small case, on a machine without a GPU.

The margin is QUADRUPLE with the gradient as published, lambda 5; products are in float32, TF32 off, as in Atl.
"""

import argparse
import math
import re
import statistics
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("PyTorch is not installed")

LAMBDA = 5.0
WARM, RUNS = 3, 21
# The goal is stated for the middle size, so that it comes first: a run that is cut off has it.
CLASSES, SAMPLES = (70609, 10572, 1000000), (64, 256, 512)


def normalize_rows(w):
    w.div_(torch.linalg.vector_norm(w, dim=1, keepdim=True).clamp(min=1e-30))


def product(x, w, logits):
    torch.mm(x, w.t(), out=logits)


def psi(c):
    """psi of the quadruple margin, and its derivative."""
    c2 = c * c
    s0 = torch.sign(c)
    s3 = s0 * torch.sign(2 * c2 - 1)
    s4 = 2 * s0 + s3 - 3
    return s3 * (8 * c2 * (c2 - 1) + 1) + s4, s3 * c * (32 * c2 - 16)


def cosine(dot, norm):
    return torch.where(norm <= 1e-3, torch.ones_like(dot), (dot / norm).clamp(-1, 1))


def forward(x, label, logits):
    """Puts the margin on the labels' logits; |x| and the plain logits are what the backward needs."""
    norm = torch.linalg.vector_norm(x, dim=1)
    dot = logits.gather(1, label[:, None])[:, 0]
    with_margin = (LAMBDA * dot + norm * psi(cosine(dot, norm))[0]) / (1 + LAMBDA)
    logits.scatter_(1, label[:, None], with_margin[:, None])
    return norm, dot


def forward_semihard(x, label, logits):
    """The same, and which samples are semi-hard: those that win without the margin and lose with it."""
    wins_without = logits.argmax(1) == label
    norm, dot = forward(x, label, logits)
    keep = (logits.argmax(1) != label) & wins_without
    return norm, dot, keep


def backward(x, label, w, norm, dot, keep, g, dx):
    """Adds to dx = g W what the margin changes; clears samples without a gradient."""
    c = cosine(dot, norm)
    value, slope = psi(c)
    a = slope
    b = (value - c * slope) / norm.clamp(min=1e-30)
    scale = torch.rsqrt(a * a + b * b)
    at_label = g.gather(1, label[:, None])[:, 0]
    row = at_label * ((LAMBDA + a * scale) / (1 + LAMBDA) - 1)
    sample = at_label * (b * scale / (1 + LAMBDA))
    with_margin = dx + row[:, None] * w[label] + sample[:, None] * x
    dx.copy_(torch.where(keep[:, None], with_margin, torch.zeros_like(dx)))


def replace_rows(x, label, drawn, w):
    w[label[drawn]] = x[drawn]


def whole_forward(x, label, w, logits):
    normalize_rows(w)
    torch.mm(x, w.t(), out=logits)
    return forward(x, label, logits)


def whole_forward_semihard(x, label, w, logits):
    normalize_rows(w)
    torch.mm(x, w.t(), out=logits)
    return forward_semihard(x, label, logits)


def whole_backward(x, label, w, norm, dot, keep, g, dx, dw):
    dw.addmm_(g.t(), x)
    torch.mm(g, w, out=dx)
    backward(x, label, w, norm, dot, keep, g, dx)


def whole_backward_triplet(x, label, w, norm, dot, keep, g, dx, drawn):
    torch.mm(g, w, out=dx)
    backward(x, label, w, norm, dot, keep, g, dx)
    replace_rows(x, label, drawn, w)


def psi_of_a_number(c):
    sign = lambda v: (v > 0) - (v < 0)
    s0 = sign(c)
    s3 = s0 * sign(2 * c * c - 1)
    return s3 * (8 * c**4 - 8 * c * c + 1) + 2 * s0 + s3 - 3, s3 * (32 * c**3 - 16 * c)


def check(device):
    """Holds the computation against the formulas, one sample after the other; ends the program where they differ."""
    generator = torch.Generator().manual_seed(3)
    m, n, k = 64, 40, 5
    random = lambda *shape: torch.randn(*shape, generator=generator)
    x, w, g, dw = random(m, k), random(n, k), random(m, n), random(n, k)
    label = torch.randint(0, n, (m,), generator=generator)
    # Some samples are easy, some semi-hard, the rest hard.
    x[::2] = 2 * w[label[::2]] / w[label[::2]].norm(dim=1, keepdim=True) + 0.5 * x[::2]
    dev = lambda tensor: tensor.clone().to(device)
    xs, ws, gs, dws, labels = dev(x), dev(w), dev(g), dev(dw), dev(label)
    logits, dx = torch.empty(m, n, device=device), torch.empty(m, k, device=device)
    norm, dot, keep = whole_forward_semihard(xs, labels, ws, logits)
    whole_backward(xs, labels, ws, norm, dot, keep, gs, dx, dws)
    x, w, g, dw = (tensor.double() for tensor in (x, w, g, dw))
    w /= w.norm(dim=1, keepdim=True)
    plain = x @ w.t()
    expected, gradient, kept = plain.clone(), g @ w, []
    for i in range(m):
        y, length, at = int(label[i]), float(x[i].norm()), float(plain[i, int(label[i])])
        c = at / length
        value, slope = psi_of_a_number(c)
        expected[i, y] = (LAMBDA * at + length * value) / (1 + LAMBDA)
        others = [float(plain[i, j]) for j in range(n) if j != y]
        kept.append(at > max(others) and not float(expected[i, y]) > max(others))
        a, b = slope, (value - c * slope) / length
        size = math.hypot(a, b)
        change = g[i, y] * (((LAMBDA + a / size) / (1 + LAMBDA) - 1) * w[y] + b / size / (1 + LAMBDA) * x[i])
        gradient[i] = gradient[i] + change if kept[-1] else 0
    if keep.cpu().tolist() != kept or all(kept) or not any(kept):
        sys.exit("the semi-hard samples are not those expected")
    for what, found, wanted in (("W", ws, w), ("logits", logits, expected), ("dx", dx, gradient), ("dW", dws, dw + g.t() @ x)):
        error = (found.cpu().double() - wanted).abs().max() / wanted.abs().max()
        if not error < 1e-5:
            sys.exit(f"{what} is off by {error:.1e}: PyTorch does not compute what is to be compared")
    print("the computation agrees with the formulas", flush=True)


def microseconds(device, body, prepare):
    """The middle of many runs; `prepare` runs before each and is not counted."""
    times = []
    for run in range(WARM + RUNS):
        prepare()
        if device.type == "cuda":
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            begin.record()
            body()
            end.record()
            end.synchronize()
            taken = 1000 * begin.elapsed_time(end)
        else:
            start = time.perf_counter()
            body()
            taken = 1e6 * (time.perf_counter() - start)
        if run >= WARM:
            times.append(taken)
    return statistics.median(times)


def read_bench(path):
    """Our times: (m, n, case) to microseconds."""
    ours, case = {}, None
    for line in open(path, encoding="utf-8"):
        if size := re.match(r"M = (\d+), N = (\d+), K = (\d+)", line):
            case = tuple(int(number) for number in size.groups())
        elif case and (row := re.match(r"\| ([^|]+?) +\| ([\d.]+) \|", line)):
            ours[(*case, row.group(1))] = float(row.group(2))
    return ours


class Compiled:
    """torch.compile of a function for shapes of any size, made at its first call; None where it cannot be compiled."""

    def __init__(self):
        self._made = {}

    def get(self, function):
        if function not in self._made:
            try:
                self._made[function] = torch.compile(function, dynamic=True)
            except Exception as error:  # whatever this version of PyTorch and its compiler have to say
                self.give_up(function, error)
        return self._made[function]

    def give_up(self, function, error):
        print(f"torch.compile cannot take {function.__name__}: {str(error).splitlines()[0]}", file=sys.stderr)
        self._made[function] = None


def measure(device, compiled, ours, m, n, k):
    generator = torch.Generator(device=device).manual_seed(1)
    uniform = lambda *shape: torch.empty(*shape, device=device).uniform_(-1, 1, generator=generator)
    x, raw, g = uniform(m, k), uniform(n, k), uniform(m, n)
    label = torch.randint(0, n, (m,), device=device, generator=generator)
    drawn = torch.rand(m, device=device, generator=generator) < 0.5
    w, logits, plain, dx, dw = raw.clone(), torch.empty(m, n, device=device), None, torch.empty(m, k, device=device), torch.zeros(n, k, device=device)
    normalize_rows(w)
    product(x, w, logits)
    plain = logits.clone()
    norm, dot = forward(x, label, logits)
    keep = torch.ones(m, dtype=torch.bool, device=device)
    reset_w, reset_logits, nothing = lambda: w.copy_(raw), lambda: logits.copy_(plain), lambda: None
    unit = torch.nn.functional.normalize(raw)
    reset_unit = lambda: w.copy_(unit)
    state = (norm, dot, keep)
    cases = [
        ("normalize_rows, all rows changed", normalize_rows, (w,), reset_w),
        ("normalize_rows, unit rows", normalize_rows, (w,), reset_unit),
        ("product x W^T (cuBLAS)", product, (x, w, logits), nothing),
        ("forward", forward, (x, label, logits), reset_logits),
        ("forward_semihard", forward_semihard, (x, label, logits), reset_logits),
        ("backward", backward, (x, label, w, *state, g, dx), nothing),
        ("replace_rows", replace_rows, (x, label, drawn, w), nothing),
        ("whole forward", whole_forward, (x, label, w, logits), reset_w),
        ("whole forward, semi-hard", whole_forward_semihard, (x, label, w, logits), reset_w),
        ("whole backward", whole_backward, (x, label, w, *state, g, dx, dw), nothing),
        ("whole backward, triplet bank", whole_backward_triplet, (x, label, w, *state, g, dx, drawn), nothing),
    ]
    print(f"\nM = {m}, N = {n}, K = {k}, microseconds:\n\n| | ours | PyTorch eager | torch.compile | PyTorch's best / ours |\n|---|---|---|---|---|")
    for name, function, arguments, prepare in cases:
        eager = microseconds(device, lambda: function(*arguments), prepare)
        fast = compiled.get(function) if compiled else None
        times = [eager]
        if fast:
            try:
                times.append(microseconds(device, lambda: fast(*arguments), prepare))
            except Exception as error:
                compiled.give_up(function, error)
        of_ours = ours.get((m, n, k, name))
        texts = ["" if of_ours is None else f"{of_ours:.1f}", f"{eager:.1f}", f"{times[1]:.1f}" if len(times) > 1 else "",
                 "" if of_ours is None else f"{min(times) / of_ours:.2f}"]
        print(f"| {name} | {' | '.join(texts)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", help="the output of margin_kernels_bench on this GPU")
    parser.add_argument("--features", type=int, default=512, help="K, as margin_kernels_bench was given it")
    parser.add_argument("--cpu", action="store_true", help="check the computation, and run one small case, without a GPU")
    options = parser.parse_args()
    if not options.cpu and not torch.cuda.is_available():
        sys.exit("no GPU that PyTorch can use")
    device = torch.device("cpu" if options.cpu else "cuda")
    torch.backends.cuda.matmul.allow_tf32 = False
    with torch.no_grad():
        check(device)
        ours = read_bench(options.bench) if options.bench else {}
        compiled = Compiled() if hasattr(torch, "compile") else None
        print(f"PyTorch {torch.__version__}" + ("" if options.cpu else f" on {torch.cuda.get_device_name()}") + ("" if compiled else ", without torch.compile"))
        if options.cpu:
            measure(device, compiled, ours, 4, 30, options.features)
            return
        for n in CLASSES:
            for m in SAMPLES:
                measure(device, compiled, ours, m, n, options.features)
                torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
