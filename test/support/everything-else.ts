/** One of everything of the language that the valid policies of the corpus leave out; it parses and means nothing. */
export const everythingElse = `language 1
import "./a.retrain" { a, gate }
policy p {
  observe only
  not_measured "x"
  model { first_model refuse expect 5 requests per 1s }
  dataset d {
    key a, b
    training 180d
    holdout last 10%
    columns { in category "optional" text in 0..1 optional from "raw" one category one of ["a", "b",] for number }
  }
  metric a { range 0..1 from evaluation as "k" }
  metric b { from predictions using pinball(0.9) }
  metric c { from registry "k" }
  trigger {
    drift psi(x) > 0.2 over 3d clears below 0.1 after 3 checks
    drift psi(x) > 0.2 in 2 of 3 checks
    at least 2 of within 6h { event "e" data d gains 5 rows }
    settle 1m grace 2m queue latest on missing hold, notify after 3 checks
  }
  train { env { A = "x" } on spot workers 4 }
  rollout { rollback when a > 5% for 2h approval "x" within 1h }
  gate g {
    require disparate_impact(c, privileged: "x") in 0.8..1.25, pool groups under 200 rows, exclude "y" because "z"
    all of { require event(x) > 1 require data.amount >= ceiling at level confidence }
    on inconclusive proceed because "x"
    observe only
  }
  notify { on promoted webhook secret "x" }
  trigger { queue replace }
  trigger { queue skip on missing reset }
  gate any_of { any of { require a > 1, at least 5 negatives } }
  metric rate { better higher }
  override because "x" { risk low }
}
guardrail k applies when risk is high or medium { must have notify on failed }
scenario "s" for p {
  given a = 0.5 over 10 rows interval -1pp..1pp
  at 2h psi(x) = 0.3
  expect gate g is inconclusive because "x"
  expect run fires at 2h because drift
  expect gate g passes
  expect stage s fails
  expect runs = 1
}`;
