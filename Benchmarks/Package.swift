// swift-tools-version: 6.1
// The benchmarks' own package: the sources it measures are links into the main one, so that the
// normal build does not build it and it may still see what is package-internal.
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "benchmarks",
  targets: [
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]),
    .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: swift),
    .target(name: "CCounter"),
    .executableTarget(name: "bench", dependencies: ["Tensors", "CCounter"], swiftSettings: swift),
  ]
)
