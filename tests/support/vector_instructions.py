"""The names of AVX-512, as NumPy's switch takes them; run it to have them printed."""

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

AVX512 = [name for name in __cpu_dispatch__ if name == "X86_V4" or name.startswith("AVX512")]
HAS_AVX512 = any(map(__cpu_features__.get, AVX512))

if __name__ == "__main__":
    print(*AVX512)
