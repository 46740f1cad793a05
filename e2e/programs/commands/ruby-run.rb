# Runs inside the interpreter: loads the script, and ends the process as `ruby` itself would. By
# `exit!`, since no export of the reactor ends it: what a script leaves open and unflushed is lost.
begin
  load($0 = ARGV.shift)
  status = 0
rescue SystemExit => error
  status = error.status
rescue Exception => error
  $stderr.write(error.full_message(highlight: false))
  status = 1
end
$stdout.flush
exit!(status)
