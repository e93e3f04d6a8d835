// Columns brought to one scale. The figures may be taken from other rows than those that are scaled:
// test data is scaled with the training data's.

extension Function {
  static let scaling: [Function] = [
    Function(
      "standardize", [.tensor("x"), .tensor("by", .absent)],
      "Each column less its mean, divided by its standard deviation (ddof=0), over all rows. With by,"
        + " mean and deviation are those of the columns of by: standardize(X.test, by=X.train). A"
        + " constant column is an error: it cannot be brought to a variance of 1.",
      formula: "(x - mean(by, axis=0))/std(by, axis=0)"
    ) { call throws(TensorError) in
      let (x, by) = try call.columns()
      let axes = [-x.shape.rank]
      guard let by else { return try x.normalized(axes) }
      let mean = try by.mean(axes, keeping: true)
      let variance = try square(by - mean).mean(axes, keeping: true)
      return try (x - mean) / sqrt(variance)
    },
    Function(
      "minmax", [.tensor("x"), .tensor("by", .absent)],
      "Each column brought to the range from 0 to 1: less its smallest element, divided by the"
        + " largest less the smallest. With by, these are of the columns of by, and other rows may"
        + " come to lie outside. A constant column is an error.",
      formula: "(x - min(by, axis=0))/(max(by, axis=0) - min(by, axis=0))"
    ) { call throws(TensorError) in
      let (x, by) = try call.columns()
      let settings = Attributes(integers: [-x.shape.rank], flag: true)
      let low = try (by ?? x).then(.smallest, settings)
      return try (x - low) / ((by ?? x).then(.largest, settings) - low)
    },
  ]
}

extension FunctionCall {
  /// What is scaled, and what the figures are taken from when that is something else.
  fileprivate func columns() throws(TensorError) -> (x: Term, by: Term?) {
    let x = try self["x"]
    guard !x.shape.isScalar else {
      throw .wrongRank(operation: function, x.shape, expected: "a vector or a matrix")
    }
    guard x.shape.dimensions.first != 0 else { throw invalid("there are no rows") }
    guard let by = try optional("by") else {
      try refuseConstantColumns(of: x)
      return (x, nil)
    }
    guard by.shape.rank == x.shape.rank,
      by.shape.dimensions.dropFirst() == x.shape.dimensions.dropFirst()
    else { throw .shapeMismatch(operation: function, x.shape, by.shape) }
    guard by.shape.dimensions.first != 0 else { throw invalid("by has no rows") }
    try checkedNumbers(x)
    try refuseConstantColumns(of: by)
    return (x, by)
  }

  private func refuseConstantColumns(of term: Term) throws(TensorError) {
    guard let tensor = try checkedNumbers(term), let column = tensor.constantColumn else { return }
    throw .column(
      operation: function, of: term.id, column: column, message: "has the same value in every row",
      help: "leave that column out")
  }
}

extension Tensor {
  /// The first column whose elements are all equal, if there is one; a vector is one column.
  package var constantColumn: Int? {
    guard let rows = shape.dimensions.first, rows > 0 else { return nil }
    let columns = elements.count / rows
    return (0..<columns).first { column in
      (0..<rows).allSatisfy { elements[$0 * columns + column] == elements[column] }
    }
  }
}
