# statements of the unit itself
:
title "x";ok
title   "x";ok;title "x"
title;fail;ABP-SYN-002
title x;fail;ABP-SYN-016
title "x" "y";fail;ABP-SYN-011
owner "a@b";ok
import abp.base ~1.0;ok
import abp.base =1.2.3;ok
import abp.base ~1.2.3;ok
import abp.base =1.2;fail;ABP-LEX-017
import abp.base 1.2.3;fail;ABP-SYN-009
import abp.base ~1.0 unsafe;ok
import abp.base ~1.0 because "x";ok
import abp.base ~1.0 unsafe because "x";ok
import abp.base ~1.0 because "x" unsafe;fail;ABP-SYN-010
import abp.base ~1.0 on x86_64;fail
import base ~1.0;fail;ABP-SYN-009
within acme.ceiling ~1.0;ok
within acme.ceiling ~1.0 unsafe;fail
within acme.ceiling ~1.0 because "x";fail
run { };ok
limits { };ok
syscalls { };ok
caps { };ok
ports { };ok
paths { };ok
env { };ok
never { };ok
test "x" { };ok
test { };fail;ABP-SYN-016
test x { };fail
run{user 1:1$sworkdir /};ok;run { user 1:1; workdir / }
run {user 1:1$s$s$sworkdir /$s};ok;run { user 1:1; workdir / }
run { user 1:1$n};ok;run {$n        user 1:1$n    }
run {$n$n$nuser 1:1$n$n$nworkdir /$n$n};ok;run {$n        user 1:1$n$n        workdir /$n    }
run {user 1:1 # one$n};ok;run {$n        user 1:1 # one$n    }
run { # head$nuser 1:1 }# end;ok;run { # head$n        user 1:1$n    } # end
run {$n#own line   $nuser 1:1$n};ok;run {$n        #own line$n        user 1:1$n    }
title "x" # trailing;ok
title "x"$s# trailing;ok;title "x" # trailing
title "x"$sowner "y";ok;title "x"$n    owner "y"
title \$n"x";ok;title \$n            "x"
title "x" \$n;ok;title "x"
title \$n\$n"x";ok;title \$n            "x"
title "x" owner "y";fail;ABP-SYN-011
run { } run { };fail;ABP-SYN-011
run$n{ };fail;ABP-SYN-005
policy a.c 1.0.0 { };fail
abp 1;fail
foo;fail;ABP-SYN-001
titel "x";fail;ABP-SYN-012
Title "x";fail;ABP-SYN-012
$sTitle;fail;ABP-SYN-012
because "x";fail;ABP-SYN-014
{ };fail;ABP-SYN-005
( );fail
