#!/bin/sh
# Everything that needs a GPU, in less than nine minutes, on a machine that has a GPU with its driver and need not have .NET or a compiler:
#
#     tests/native/gpu_check.sh [FOLDER [LOGS]]
#
# FOLDER (this script's own by default) holds what `dotnet run build.cs -- gpucheck` has put together: the kernels' tests (*_gpu_test) and
# margin_kernels_bench for sm_70 to sm_90, margin_kernels_torch.py, atl, which has Atl and its tests with their own .NET, and resface28.prototxt, whose
# training step is timed on the GPU and on the CPU. Each step writes a log into LOGS (gpu-check-logs by default);
# summary.txt has a line for each. compute-sanitizer, cuBLAS and PyTorch are used where they are found. The exit code is 0 where every step that could
# be run went well, 1 where one failed, 77 where there is no GPU.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "${1:-$here}" && pwd) || exit 1
logs=${2:-gpu-check-logs}
mkdir -p "$logs" || exit 1
logs=$(cd "$logs" && pwd)
summary=$logs/summary.txt
: > "$summary"
limit=530
began=$(date +%s)
failed=0

say() { echo "$1" | tee -a "$summary"; }

# step NAME SECONDS COMMAND...: runs it for so long at most and no longer than is left of all.
step() {
    name=$1 most=$2
    shift 2
    left=$((began + limit - $(date +%s)))
    [ "$left" -ge "$most" ] || most=$left
    if [ "$most" -lt 5 ]; then
        say "$name: not run, the time is up"
        failed=1
        return
    fi
    start=$(date +%s)
    timeout "$most" "$@" > "$logs/$name.log" 2>&1
    code=$?
    taken=$(($(date +%s) - start))
    case $code in
        0) say "$name: passed in $taken s" ;;
        77) say "$name: skipped: $(tail -n 1 "$logs/$name.log")" ;;
        124) say "$name: stopped after $taken s; its log has what was done until then"; failed=1 ;;
        *) say "$name: FAILED with exit code $code: $(tail -n 1 "$logs/$name.log")"; failed=1 ;;
    esac
}

# The first of some files that there is.
first() {
    for file in "$@"; do
        [ -e "$file" ] && { echo "$file"; return; }
    done
}

for program in margin_kernels_gpu_test margin_kernels_bench margin_kernels_torch.py \
    atl/Atl.Tests atl/atl resface28.prototxt; do
    [ -e "$folder/$program" ] || { say "$folder/$program is missing: dotnet run build.cs -- gpucheck makes it"; exit 1; }
done

{ nvidia-smi || echo "nvidia-smi cannot be run"; date; uname -a; } > "$logs/machine.log" 2>&1
# The same cases as the emulated test.
timeout 60 "$folder/margin_kernels_gpu_test" > "$logs/kernels.log" 2>&1
code=$?
if [ "$code" -eq 77 ]; then
    say "no GPU: $(tail -n 1 "$logs/kernels.log")"
    exit 77
fi
[ "$code" -eq 0 ] && say "kernels: passed" || { say "kernels: FAILED with exit code $code: $(tail -n 1 "$logs/kernels.log")"; failed=1; }

for program in "$folder"/*_kernels_gpu_test; do
    name=$(basename "$program" _gpu_test)
    [ "$name" = margin_kernels ] || step "$name" 60 "$program"
done

# cuBLAS may come with CUDA or with Python's packages; the bench and Atl look for it on the loader's path.
python=$(command -v python3 || true)
packages=$([ -z "$python" ] || "$python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])' 2>/dev/null)
cublas=$(first /usr/local/cuda/lib64/libcublas.so.1? "$packages"/nvidia/cublas/lib/libcublas.so.1? "$packages"/nvidia/cu1?/lib/libcublas.so.1?)
[ -z "$cublas" ] || export LD_LIBRARY_PATH="$(dirname "$cublas")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

step bench 150 "$folder/margin_kernels_bench"
if [ -z "$python" ]; then
    say "torch: not run, no python3"
else
    step torch 150 "$python" "$folder/margin_kernels_torch.py" --bench "$logs/bench.log"
fi

export ATL_CUDA_DRIVER=libcuda.so.1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 OMP_NUM_THREADS=2
[ -z "$cublas" ] || export ATL_CUBLAS="$cublas"
step atl 60 "$folder/atl/Atl.Tests" --no-ansi --progress off --filter "FullyQualifiedName~Cuda|FullyQualifiedName~OnAGpu"

# The same step on both: forward and backward of 32 faces; the last lines of the logs have the averages.
step time_gpu 60 "$folder/atl/atl" time -model "$folder/resface28.prototxt" -gpu 0 -iterations 20
step time_cpu 60 env -u OMP_NUM_THREADS "$folder/atl/atl" time -model "$folder/resface28.prototxt" -iterations 3
for device in gpu cpu; do say "resface28 on the $device: $(grep 'Average Forward-Backward' "$logs/time_$device.log" | sed 's/.*] //')"; done

sanitizer=$(command -v compute-sanitizer || first /usr/local/cuda/bin/compute-sanitizer)
if [ -z "$sanitizer" ]; then
    say "memcheck, racecheck: not run, compute-sanitizer was not found"
else
    for program in "$folder"/*_kernels_gpu_test; do
        family=$(basename "$program" _kernels_gpu_test)
        step "memcheck_$family" 40 "$sanitizer" --tool memcheck --error-exitcode 1 "$program"
        step "racecheck_$family" 40 "$sanitizer" --tool racecheck --error-exitcode 1 "$program"
    done
fi
say "$(($(date +%s) - began)) s in all"
exit "$failed"
