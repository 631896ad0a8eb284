/** Folders of the system that programs run from and read: no settings of the user, no keychains. */
export const SYSTEM_FOLDERS = [
  '/bin',
  '/sbin',
  '/usr',
  '/System',
  '/opt/homebrew',
  '/Library/Apple',
  '/Library/Developer/CommandLineTools',
  '/Library/Frameworks',
  '/private/etc/ssl',
  '/private/var/db/timezone',
  '/private/var/db/dyld',
  '/private/var/select',
] as const;

export const SYSTEM_FILES = [
  '/private/etc/hosts',
  '/private/etc/localtime',
  '/private/etc/passwd',
  '/private/etc/group',
  '/private/etc/protocols',
  '/private/etc/resolv.conf',
  '/private/etc/services',
  '/private/etc/shells',
  '/dev/random',
  '/dev/urandom',
  '/dev/autofs_nowait',
] as const;

export const DEVICES = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/dtracehelper'] as const;

/** Links at the root that lead into /private. */
export const LINKS = ['/', '/etc', '/tmp', '/var', '/private', '/private/etc', '/private/tmp', '/private/var'] as const;

/**
 * Services without which programs do not start. Not among them: those that start programs, hold secrets, or reach
 * the network for others, as the one that judges certificates does.
 */
export const SERVICES = [
  'com.apple.system.logger',
  'com.apple.system.notification_center',
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.system.opendirectoryd.membership',
  'com.apple.bsd.dirhelper',
] as const;

/** No `kern.procargs2`: it tells the environment of other processes. */
export const KERNEL_FACTS = [
  'kern.argmax',
  'kern.bootargs',
  'kern.hostname',
  'kern.maxfilesperproc',
  'kern.maxproc',
  'kern.ngroups',
  'kern.osproductversion',
  'kern.osrelease',
  'kern.ostype',
  'kern.osvariant_status',
  'kern.osversion',
  'kern.secure_kernel',
  'kern.usrstack64',
  'kern.version',
  'sysctl.proc_cputype',
  'vm.loadavg',
] as const;
