// swift-tools-version: 6.1
// One target a layer; a layer imports only those below it (see ARCHITECTURE.md).
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "descent",
  products: [.executable(name: "descent", targets: ["descent"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]),
    .systemLibrary(
      name: "CLibEdit", pkgConfig: "libedit",
      providers: [.apt(["libedit-dev"]), .brew(["libedit"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
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
    .target(
      name: "Notebooks", dependencies: ["Commands", "Diagnostics"], swiftSettings: swift),
    .target(name: "Terminal", dependencies: ["CLibEdit"], swiftSettings: swift),
    .executableTarget(
      name: "descent",
      dependencies: [
        "Notebooks", "Commands", "Terminal", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift,
      // The other linkers warn of a function in the Swift libraries that is never called; and
      // without relocations at start-up the prompt is there half a millisecond sooner.
      linkerSettings: [
        .unsafeFlags(
          ["-use-ld=lld", "-Xlinker", "--no-pie"],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .testTarget(
      name: "NotationTests", dependencies: ["Notation", "Diagnostics"], swiftSettings: swift),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: swift),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"], swiftSettings: swift),
    .testTarget(
      name: "OptimizersTests",
      dependencies: ["Optimizers", "Notation", "Tensors", "Diagnostics"],
      exclude: ["Data"], swiftSettings: swift),
    .testTarget(
      name: "CommandsTests",
      dependencies: ["Commands", "Engine", "Optimizers", "Notation", "Tensors", "Diagnostics"],
      exclude: ["Data"], swiftSettings: swift),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "Commands", "Notebooks"],
      exclude: ["Data"], swiftSettings: swift),
    .testTarget(
      name: "NotebooksTests", dependencies: ["Notebooks", "Commands", "Engine", "Diagnostics"],
      swiftSettings: swift),
    .testTarget(
      name: "RobustnessTests",
      dependencies: ["Commands", "Engine", "Optimizers", "Notation", "Diagnostics"],
      swiftSettings: swift),
    // A small program its tests run on a pseudo-terminal.
    .executableTarget(
      name: "TerminalProbe", dependencies: ["Terminal"], path: "Tests/TerminalProbe",
      swiftSettings: swift),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal", "TerminalProbe"], swiftSettings: swift),
  ]
)
