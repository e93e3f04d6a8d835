#ifndef DESCENT_COUNTER_H
#define DESCENT_COUNTER_H

/// How often memory has been asked for in this process; -1 where that is not counted.
long allocation_count(void);

#endif
