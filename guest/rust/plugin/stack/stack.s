# What Rust has no words for: reading and setting the stack pointer. The host sets it back after one of
# its functions failed in the middle of a call. libplugin_stack.a holds it, as Debian 12 makes it:
#
#   clang --target=wasm32-wasi -c -o stack.o stack.s && llvm-ar rcsD libplugin_stack.a stack.o

	.globaltype	__stack_pointer, i32

	.globl	_stack_save
	.type	_stack_save,@function
	.export_name	_stack_save, _stack_save
_stack_save:
	.functype	_stack_save () -> (i32)
	global.get	__stack_pointer
	end_function

	.globl	_stack_restore
	.type	_stack_restore,@function
	.export_name	_stack_restore, _stack_restore
_stack_restore:
	.functype	_stack_restore (i32) -> ()
	local.get	0
	global.set	__stack_pointer
	end_function
