// swift-tools-version: 6.1
// The fuzzer: all of Descent below the terminal, built with libFuzzer's instrumentation. A package of
// its own, since the sanitizer's flags hold for everything that is built with them; the sources are
// links to those of the main package.
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "fuzz",
  dependencies: [
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0")
  ],
  targets: [
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .target(name: "Diagnostics", swiftSettings: swift),
    .target(name: "Notation", dependencies: ["Diagnostics"], swiftSettings: swift),
    .target(name: "Charts", swiftSettings: swift),
    .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: swift),
    .target(
      name: "Optimizers", dependencies: ["Notation", "Tensors", "Diagnostics"],
      exclude: ["Rules"], swiftSettings: swift),
    .target(
      name: "Engine",
      dependencies: [
        "Optimizers", "Notation", "Tensors", "Diagnostics", "CZlib",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ], swiftSettings: swift),
    .target(
      name: "Commands",
      dependencies: ["Charts", "Engine", "Optimizers", "Notation", "Tensors", "Diagnostics"],
      swiftSettings: swift),
    .executableTarget(
      name: "fuzz", dependencies: ["Commands", "Engine", "Optimizers", "Notation", "Diagnostics"],
      swiftSettings: swift, linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
  ]
)
