// The functions that composite formulas are written with, under their usual names.

func square(_ x: Term) throws(TensorError) -> Term { try Operation.square(x) }
func exp(_ x: Term) throws(TensorError) -> Term { try Operation.exp(x) }
func log(_ x: Term) throws(TensorError) -> Term { try Operation.log(x) }
func sqrt(_ x: Term) throws(TensorError) -> Term { try Operation.squareRoot(x) }
func abs(_ x: Term) throws(TensorError) -> Term { try Operation.absolute(x) }
func floor(_ x: Term) throws(TensorError) -> Term { try Operation.floor(x) }
func round(_ x: Term) throws(TensorError) -> Term { try Operation.round(x) }
func cos(_ x: Term) throws(TensorError) -> Term { try Operation.cos(x) }
func erf(_ x: Term) throws(TensorError) -> Term { try Operation.erf(x) }
func sigmoid(_ x: Term) throws(TensorError) -> Term { try Operation.sigmoid(x) }
func softplus(_ x: Term) throws(TensorError) -> Term { try Operation.softplus(x) }
func maximum(_ a: Term, _ b: any Operand) throws(TensorError) -> Term {
  try Operation.maximum(a, b)
}
func minimum(_ a: Term, _ b: any Operand) throws(TensorError) -> Term {
  try Operation.minimum(a, b)
}
func select(
  _ condition: Term, _ a: any Operand, _ b: any Operand
) throws(TensorError) -> Term {
  try Operation.select(condition, a, b)
}
