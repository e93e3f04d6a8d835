// The windows of an image as rows, which make a convolution a matrix product and a pooling a
// reduction; and the sum that puts windows back.

/// How a window moves over an image, by rows and columns.
package struct Window: Hashable, Sendable {
  package var size: (Int, Int) { (settings[0], settings[1]) }
  private let settings: [Int]

  package init(rows: Int, columns: Int, stride: (Int, Int), padding: (Int, Int)) {
    settings = [rows, columns, stride.0, stride.1, padding.0, padding.1]
  }

  init?(_ attributes: Attributes) {
    guard attributes.integers.count >= 6 else { return nil }
    settings = Array(attributes.integers.prefix(6))
  }

  var integers: [Int] { settings }

  /// How many places a window has along each direction.
  func places(over height: Int, _ width: Int) throws(TensorError) -> (Int, Int) {
    guard settings.allSatisfy({ $0 >= 0 && $0 <= Tensor.maximumCount }),
      settings.prefix(4).allSatisfy({ $0 > 0 })
    else {
      throw .invalid(
        operation: "patches", message: "a window has sizes and steps of at least 1", help: nil)
    }
    let down = height + 2 * settings[4] - settings[0]
    let across = width + 2 * settings[5] - settings[1]
    guard down >= 0, across >= 0 else {
      throw .invalid(
        operation: "patches",
        message: "a window of \(settings[0])×\(settings[1]) does not fit \(height)×\(width)",
        help: "padding adds zeros around the image")
    }
    return (down / settings[2] + 1, across / settings[3] + 1)
  }

  /// Calls `body` with each element of the windows of one image [C, H, W] and where in the image it
  /// is; nil in the padding.
  func forEach(_ channels: Int, _ height: Int, _ width: Int, _ body: (Int, Int?) -> Void) {
    guard let (down, across) = try? places(over: height, width) else { return }
    var index = 0
    for i in 0..<down {
      for j in 0..<across {
        for channel in 0..<channels {
          for row in 0..<settings[0] {
            let y = i * settings[2] + row - settings[4]
            for column in 0..<settings[1] {
              let x = j * settings[3] + column - settings[5]
              let isInside = y >= 0 && y < height && x >= 0 && x < width
              body(index, isInside ? (channel * height + y) * width + x : nil)
              index += 1
            }
          }
        }
      }
    }
  }
}

extension Operation {
  static let windows = [patches, unpatches]

  /// [..., C, H, W] → [..., rows of windows, columns of windows, C·window]. Attributes: the window.
  package static let patches: Operation = Operation(
    "patches", arity: 1, summary: "Each window of an image as a row; zeros beyond its edges.",
    kernel: .rearrange { call in
      forEachPatch(call.inputShapes[0], call) { place, source in
        call.output[place] = source.map { call.inputs[0][$0] } ?? 0
      }
    }, loop: .patches,
    shape: { inputs, settings throws(TensorError) in
      try patchesShape(inputs[0], Window(settings))
    },
    type: ElementType.same, linearInputs: 1,
    pullback: { f, _ throws(TensorError) in
      let image = Array(f.a.shape.dimensions.suffix(3))
      return try f.dy.then(
        .unpatches, Attributes(integers: Array(f.attributes.integers.prefix(6) + image)))
    })

  /// The gradient of `patches`. Attributes: the window, then C, H, W.
  package static let unpatches: Operation = Operation(
    "unpatches", arity: 1, summary: "Windows put back in an image, overlapping ones added.",
    kernel: .general { call in
      for i in call.output.indices { call.output[i] = 0 }
      forEachPatch(call.outputShape, call) { place, target in
        if let target { call.output[target] += call.inputs[0][place] }
      }
    }, loop: .unpatches,
    shape: { inputs, settings throws(TensorError) in
      let image = Shape(inputs[0].dimensions.dropLast(3) + settings.integers.dropFirst(6))
      guard try patchesShape(image, Window(settings)) == inputs[0] else {
        throw .shapeMismatch(operation: "unpatches", inputs[0], image)
      }
      return image
    },
    type: ElementType.same, linearInputs: 1,
    pullback: { f, _ throws(TensorError) in
      try f.dy.then(.patches, Attributes(integers: Array(f.attributes.integers.prefix(6))))
    })

  private static func patchesShape(
    _ image: Shape, _ window: Window?
  ) throws(TensorError) -> Shape {
    guard let window, let channels = image.size(-3), let height = image.size(-2),
      let width = image.size(-1)
    else {
      throw .wrongRank(operation: "patches", image, expected: "images [channels, height, width]")
    }
    let (down, across) = try window.places(over: height, width)
    let size = Shape([channels, window.size.0, window.size.1]).count
    return Shape(image.dimensions.dropLast(3) + [down, across, size])
  }

  private static func forEachPatch(
    _ images: Shape, _ call: KernelCall, _ body: (Int, Int?) -> Void
  ) {
    guard let window = Window(call.attributes), let shape = try? patchesShape(images, window),
      images.count > 0
    else { return }
    let sizes = images.dimensions.suffix(3)
    let (channels, height, width) = (
      sizes[sizes.startIndex], sizes[sizes.startIndex + 1], sizes[sizes.startIndex + 2]
    )
    let count = Shape(images.dimensions.dropLast(3)).count
    let patch = count == 0 ? 0 : shape.count / count
    for image in 0..<count {
      window.forEach(channels, height, width) { place, inside in
        body(image * patch + place, inside.map { image * channels * height * width + $0 })
      }
    }
  }
}
