#!/bin/sh
# The commands around an exercise: laying it out, never over existing work; the
# seed repeats a run; mistakes of use are one line that says what to do.
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0
ok() {		# ok STATUS TEXT
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || { echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; }
}
echo 1..9

# a repository of its own, so that nobody's answers are touched
mkdir "$tmp/book"
cp -r chapters tangle exercises "$tmp/book"
out=$tmp/out
answer=$tmp/book/answers/01-1-hexdump.nw

"$tmp/book/tangle/exercise" 1-1 >"$out" 2>&1 && cmp -s exercises/01-1-hexdump/starter.nw "$answer"
ok $? "an exercise is laid out from its starter"
grep -q 'make grade EX=01-1' "$out"
ok $? "what to do next is said"
echo 'My own prose.' >>"$answer"; cp "$answer" "$tmp/mine"
"$tmp/book/tangle/exercise" 01-1-hexdump >"$out" 2>&1 && cmp -s "$tmp/mine" "$answer" && grep -q 'stays as it is' "$out"
ok $? "work that is there already is left alone, and that is said"
"$tmp/book/tangle/exercise" 99-1 >"$out" 2>&1
[ $? -eq 2 ] && grep -q 'no exercise `99-1`; there are .*01-1' "$out"
ok $? "an unknown exercise is answered with those that exist"
rm "$answer"
"$tmp/book/tangle/grade" 01-1 >"$out" 2>&1
[ $? -eq 2 ] && grep -q 'make exercise EX=01-1' "$out"
ok $? "grading without an answer says how to begin"

"$tmp/book/tangle/exercise" 01-1 >/dev/null
"$tmp/book/tangle/grade" 01-1 --seed 7 | grep -v '^score' >"$tmp/one"
"$tmp/book/tangle/grade" 01-1 --seed 7 | grep -v '^score' >"$tmp/two"
cp "$tmp/two" "$out"
grep -q '^BAD ' "$tmp/one" && cmp -s "$tmp/one" "$tmp/two"
ok $? "a seed repeats a run"
"$tmp/book/tangle/grade" 01-1 --seed 8 | grep -v '^score' >"$out"
! cmp -s "$tmp/one" "$out"
ok $? "another seed asks something else"
[ -z "$(ls -A "$tmp/book/build/grade")" ]
ok $? "nothing is left behind in build/grade"

echo 'broken' >>"$tmp/book/exercises/01-1-hexdump/grade.py"
"$tmp/book/tangle/grade" 01-1 >"$out" 2>&1
[ $? -eq 2 ] && grep -q 'error in the grader, not in the answer' "$out"
ok $? "a fault of the grader is not held against the student"
