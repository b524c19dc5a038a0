# The name of a symbol without what differs from build to build: the suffixes of LLVM, the hash of the legacy scheme, the
# disambiguators of the v0 scheme.
s/(\.llvm)?\.[0-9]+$//
s/^(_ZN.*)17h[0-9a-f]{16}E$/\1/
/^_R/s/Cs[0-9A-Za-z]*_/C/g
